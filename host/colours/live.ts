import { colours as allColours, type Colour } from "../../model/colour.ts";
import type { View } from "../view.ts";
import { containersOfProject } from "../docker/container.ts";
import { colourPlace } from "./colour.ts";
import type { Colours } from "./colours.ts";

/**
 * The colour that serves: the routes decide. Where they are lost, the memory does, and where that is lost too, what
 * runs. If both run, the older one serves. There is no default colour.
 */
export async function findLive(colours: Colours, view: View): Promise<Colour | undefined> {
  if (colours.live !== undefined) return colours.live;
  const containers = await view.containers();
  const since = allColours.flatMap((colour) => {
    const { project } = colourPlace(colours.place, colour);
    const running = containersOfProject(containers, project).filter(({ state }) => state === "running");
    const started = running.map(({ startedAt }) => startedAt).sort();
    return started.slice(0, 1).map((time) => ({ colour, time }));
  });
  return since.sort((one, other) => (one.time < other.time ? -1 : 1))[0]?.colour;
}
