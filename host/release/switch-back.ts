import { otherColour, type Colour } from "../../model/colour.ts";
import { Snapshot } from "../project/snapshot.ts";
import type { Container } from "../docker/container.ts";
import { step, type Work } from "../work.ts";
import { colourPlace, snapshotOf, type ReleasePlace } from "./colour.ts";
import { Colours, type ColourEntry } from "./colours.ts";
import { passGate } from "../checks/gate.ts";
import { isFinished } from "../checks/job.ts";
import { inProof } from "../checks/proof.ts";
import { Routes } from "./routes.ts";
import { followSeconds } from "./switch.ts";
import { takeDown } from "./take-down.ts";
import { failureOf } from "../checks/check-failure.ts";

/** The release to which the traffic went back, or why it stays. */
type SwitchBack =
  { readonly back: ColourEntry; readonly colour: Colour } | { readonly back: undefined; readonly why: string };

/** Seconds in which a colour that runs must prove itself; one that was stopped has the time that it takes to start. */
const shortDeadline = 5;

/**
 * Switches from a release that is not well back to the one before it, which must be proved first (E4, E18); a stopped
 * one is started. The release that is left is taken down. Nothing moves if the one before is not well.
 */
export async function switchBack(place: ReleasePlace, from: Colour, work: Work): Promise<SwitchBack> {
  const routes = new Routes(place, work.engine);
  const to = otherColour(from);
  const entry = Colours.read(work.state, place, routes.head()).of(to);
  if (entry?.state !== "warm") return { back: undefined, why: "there is no previous release" };
  const why = routes.otherHead()?.colour === to ? await whyUnproved(place, to, entry, work) : "its routes are not kept";
  if (why !== undefined) return { back: undefined, why: `${entry.release} in ${to} cannot take over: ${why}` };
  const followed = await step(work, "switch back", async () => {
    routes.placeOther();
    return await routes.follow(followSeconds, work.signal);
  });
  if (!followed) return { back: undefined, why: "the proxy does not follow the routes of the previous release" };
  Colours.read(work.state, place, routes.head()).setLive(to);
  work.say("release", `${to} serves ${entry.release} again`);
  await takeDown(place, from, work);
  return { back: entry, colour: to };
}

/** Why a colour cannot serve; undefined if it is well. */
async function whyUnproved(
  place: ReleasePlace,
  colour: Colour,
  { release, checks }: ColourEntry,
  work: Work,
): Promise<string | undefined> {
  const { project } = colourPlace(place, colour);
  const { engine, signal } = work;
  if (checks === undefined) return "it is not known how to ask it";
  const containers = (await engine.project(project)).filter(({ oneOff }) => !oneOff);
  const snapshot = new Snapshot(work);
  // A service that nothing restarts looks like a job that has ended once its colour was stopped.
  const isDone = (container: Container): boolean =>
    isFinished(container, checks.services) && snapshot.hadEnded(snapshotOf(colour), container) !== false;
  const stopped = containers.filter((container) => container.state !== "running" && !isDone(container));
  if (stopped.length > 0) work.say("release", `starts ${release} in ${colour} again`);
  for (const container of stopped) await engine.start(container.id);
  const services = inProof(checks.services, stopped.length > 0 ? undefined : shortDeadline);
  const failure = await failureOf(() => passGate({ engine, project, colour, services, live: true, signal }));
  return failure?.message;
}
