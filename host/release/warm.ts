import type { Body } from "../../model/document/bodies.ts";
import type { Colour } from "../../model/colour.ts";
import type { Difference } from "../../model/facts/observation.ts";
import { containersOfProject, type Container } from "../docker/container.ts";
import { Engine } from "../docker/engine.ts";
import { isFinished } from "../checks/job.ts";
import { endContainers } from "../project/end-containers.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";
import { colourPlace, type ReleasePlace } from "../colours/colour.ts";
import type { ColourEntry, Colours } from "../colours/colours.ts";
import { drain } from "./drain.ts";
import { takeDown } from "./take-down.ts";
import { isOf, workersOf } from "./workers.ts";

/** The state in which the previous release is kept. */
type WarmState = Body<"confirm">["warm"];

/** How a warm colour is not kept as it should be. One that is gone cannot be kept, and is no difference. */
export async function warmDifferences(
  { policy, colour, colours }: { policy: WarmState; colour: Colour; colours: Colours },
  view: View,
): Promise<Difference[]> {
  const entry = colours.of(colour);
  const containers = await containersOf(colours.place, colour, view);
  if (entry?.state !== "warm" || containers.length === 0) return [];
  const found = containers.some(isRunning) ? "running" : "stopped";
  const isKept =
    policy === "running"
      ? containers.every(
          (one) => isRunning(one) !== isWorker(one, colour, entry) || isFinished(one, entry.checks?.services),
        )
      : found === policy;
  return isKept ? [] : [{ where: `${entry.release} in ${colour}`, expected: policy, found }];
}

/** Brings a warm colour into the state in which it is kept. */
export async function keepWarm(
  { policy, colour, colours }: { policy: WarmState; colour: Colour; colours: Colours },
  work: Work,
): Promise<void> {
  const entry = colours.of(colour);
  if (entry?.state !== "warm") return;
  if (policy !== "running") await drain(colours.place, colour, work);
  if (policy === "none") {
    await takeDown(colours.place, colour, work);
    return;
  }
  const containers = await containersOf(colours.place, colour, work);
  const { engine } = work;
  await Engine.during("release", async () => {
    if (policy === "stopped") {
      work.say("release", `stops ${entry.release} in ${colour}, which is kept to go back to`);
      await endContainers(containers.filter(isRunning), "release", work);
    } else {
      const isIdle = (one: Container): boolean => isWorker(one, colour, entry);
      const isDone = (one: Container): boolean => isFinished(one, entry.checks?.services);
      await endContainers(
        containers.filter((one) => isRunning(one) && isIdle(one)),
        "release",
        work,
      );
      const ended = containers.filter((one) => !isRunning(one) && !isIdle(one) && !isDone(one));
      for (const { id } of ended) await engine.start(id);
    }
  });
  work.changed();
}

async function containersOf(place: ReleasePlace, colour: Colour, view: View): Promise<Container[]> {
  const { project } = colourPlace(place, colour);
  return containersOfProject(await view.containers(), project).filter(({ oneOff }) => !oneOff);
}

/** Workers of a release that does not serve stay stopped: those of the one that serves have the work. */
function isWorker(container: Container, colour: Colour, { checks }: ColourEntry): boolean {
  return isOf(container, workersOf(checks?.services ?? {}), colour);
}

function isRunning({ state }: Container): boolean {
  return state === "running" || state === "restarting";
}
