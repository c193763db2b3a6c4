import { otherColour, type Colour } from "../../model/colour.ts";
import { messageOf } from "../../model/problem.ts";
import { timeText } from "../../model/time.ts";
import { Snapshot } from "../project/snapshot.ts";
import type { Container } from "../docker/container.ts";
import { endContainers } from "../project/end-containers.ts";
import { step, type Work } from "../work.ts";
import { colourPlace, snapshotOf, type ReleasePlace } from "../colours/colour.ts";
import { Colours, type ColourEntry } from "../colours/colours.ts";
import { answeringServices } from "../checks/answering-services.ts";
import { passGate } from "../checks/gate.ts";
import { isFinished } from "../checks/job.ts";
import { inProof } from "../checks/proof.ts";
import { newGeneration } from "../colours/generation.ts";
import { Holds } from "../colours/holds.ts";
import { Routes } from "../colours/routes.ts";
import { drain } from "./drain.ts";
import { renewed, standstillOf, stopColour } from "./standstill.ts";
import { followSeconds } from "./switch.ts";
import { takeDown } from "./take-down.ts";
import { failureOf } from "../checks/check-failure.ts";
import { isOf, serversOf, Workers, workersOf } from "./workers.ts";

/** The release to which the traffic went back, or why it stays; and what is wrong with what serves now. */
export type SwitchBack = (
  { readonly back: ColourEntry; readonly colour: Colour } | { readonly back: undefined; readonly why: string }
) & {
  readonly critical?: string;
};

/** Seconds in which a colour that runs must prove itself; one that was stopped has the time that it takes to start. */
const shortDeadline = 5;

/**
 * Switches from a release that is not well back to the one before it, which is proved first (E4, E18); a stopped one is
 * started. The release that is left is taken down. If neither is well, the one that answers better serves, and the one
 * before if they are equal: it was verified (E13, F40).
 */
export async function switchBack(place: ReleasePlace, from: Colour, work: Work): Promise<SwitchBack> {
  const switched = await serveOther(place, from, work);
  if (switched.back === undefined) return switched;
  await drain(place, from, work);
  await takeDown(place, from, work);
  return switched;
}

/** Switches to the release before, once it is proved; the containers of the one that is left stay. */
export async function serveOther(
  place: ReleasePlace,
  from: Colour,
  work: Work,
  { onlyIfWell = false } = {},
): Promise<SwitchBack> {
  const routes = new Routes(place, work.engine);
  const to = otherColour(from);
  const colours = Colours.read(work.state, place, routes.head());
  const entry = colours.of(to);
  if (entry?.state !== "warm") return { back: undefined, why: "there is no previous release" };
  const named = `${entry.release} in ${to}`;
  if (new Holds(work.state).of(entry.hash) !== undefined) return { back: undefined, why: `${named} is held` };
  if (routes.otherHead()?.colour !== to) {
    return { back: undefined, why: `${named} cannot take over: its routes are not kept` };
  }
  const isAlone = [entry, colours.of(from)].some((one) => one?.checks?.strategy === "recreate");
  if (isAlone) await standStill(place, from, routes, work);
  const { why, started } = await step(work, "prove", () => proveColour(place, to, entry, work));
  const critical = why === undefined ? {} : { critical: `critical: ${named} is unhealthy as well: ${why}` };
  const stays = !isAlone && (onlyIfWell || !(await answersAsWell(place, { to, from, colours }, work)));
  if (why !== undefined && stays) {
    await endContainers(started, "release", work);
    return { back: undefined, why: `${named} cannot take over: ${why}`, ...critical };
  }
  const followed = await step(work, "switch back", async () => {
    routes.placeOther();
    return await routes.follow(followSeconds, work.signal);
  });
  if (!followed) return { back: undefined, why: "the proxy does not follow the routes of the previous release" };
  noteLive(Colours.read(work.state, place, routes.head()), to, work);
  work.say("release", `${to} serves ${entry.release} again`);
  const idle = await handOver(place, { from, to, entry }, work);
  return {
    back: entry,
    colour: to,
    ...(idle !== undefined && { critical: `critical: ${named}: ${idle}` }),
    ...critical,
  };
}

/** The routes decide what serves; this is only a note about them, so a full disk must not stop the switch (F14). */
function noteLive(colours: Colours, to: Colour, work: Work): void {
  try {
    colours.setLive(to, { since: timeText(new Date()) });
  } catch (error) {
    work.say("release", messageOf(error));
  }
}

/** Releases that never run at the same time: the one that is left stops before the other starts. */
async function standStill(place: ReleasePlace, from: Colour, routes: Routes, work: Work): Promise<void> {
  const head = routes.head();
  const now = routes.content();
  if (head !== undefined && now !== undefined) {
    routes.place(standstillOf(renewed(now, head, newGeneration(work.number, ""))));
    await routes.follow(followSeconds, work.signal);
  }
  await stopColour(place, from, work);
}

/** Hands the work over to a release that serves again; returns why it does not work. */
async function handOver(
  place: ReleasePlace,
  { from, to, entry }: { readonly from: Colour; readonly to: Colour; readonly entry: ColourEntry },
  work: Work,
): Promise<string | undefined> {
  const workers = new Workers(place, work);
  await workers.stop(from);
  return await workers.whyNotStarted(to, inProof(entry.checks?.services ?? {}));
}

/** Whether a colour answers for as many services as another one, now. */
async function answersAsWell(
  place: ReleasePlace,
  { to, from, colours }: { readonly to: Colour; readonly from: Colour; readonly colours: Colours },
  { engine }: Work,
): Promise<boolean> {
  const count = async (colour: Colour): Promise<number> => {
    const services = serversOf(colours.of(colour)?.checks?.services ?? {});
    const containers = await engine.project(colourPlace(place, colour).project);
    return (await answeringServices(services, colour, containers)).length;
  };
  const [back, now] = await Promise.all([count(to), count(from)]);
  return back >= now;
}

/** Why a colour cannot serve, undefined if it is well; and the containers that were started to find out. */
export async function proveColour(
  place: ReleasePlace,
  colour: Colour,
  { release, checks }: ColourEntry,
  work: Work,
): Promise<{ readonly why: string | undefined; readonly started: readonly Container[] }> {
  const { project } = colourPlace(place, colour);
  const { engine, signal, progress } = work;
  if (checks === undefined) return { why: "it is not known how to ask it", started: [] };
  const containers = (await engine.project(project)).filter(({ oneOff }) => !oneOff);
  const snapshot = new Snapshot(work);
  const servers = serversOf(checks.services);
  // A service that nothing restarts looks like a job that has ended once its colour was stopped.
  const isDone = (container: Container): boolean =>
    isFinished(container, checks.services) && snapshot.hadEnded(snapshotOf(colour), container) !== false;
  const started = containers.filter((one) => {
    return one.state !== "running" && !isOf(one, workersOf(checks.services), colour) && !isDone(one);
  });
  if (started.length > 0) work.say("release", `starts ${release} in ${colour} again`);
  for (const container of started) await engine.start(container.id);
  const services = inProof(servers, started.length > 0 ? undefined : shortDeadline);
  const request = { engine, project, colour, services, live: true, signal, progress };
  const failure = await failureOf(() => passGate(request));
  return { why: failure?.message, started };
}
