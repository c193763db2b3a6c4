import type { Colour } from "../../model/facts/observation.ts";
import type { View } from "../view.ts";
import { isOfItsProject } from "../docker/container.ts";
import { colourPlace, colours as allColours } from "./colour.ts";
import type { Colours } from "./colours.ts";

/**
 * The colour that serves: the routes decide. Where they are lost, the memory does, and where that is lost too, what
 * runs: of two colours the one that began first, since the other may just be coming up. There is no default colour.
 */
export async function findLive(colours: Colours, view: View): Promise<Colour | undefined> {
  if (colours.live !== undefined) return colours.live;
  const containers = (await view.containers()).filter((container) => isOfItsProject(container));
  const since = allColours.flatMap((colour) => {
    const { project } = colourPlace(colours.place, colour);
    const running = containers.filter(({ state, project: own }) => state === "running" && own === project);
    const started = running.map(({ startedAt }) => startedAt).sort();
    return started.slice(0, 1).map((time) => ({ colour, time }));
  });
  return since.sort((one, other) => (one.time < other.time ? -1 : 1))[0]?.colour;
}
