import { otherColour, type Colour } from "../../model/colour.ts";
import type { RunRecord } from "../../model/facts/release/release.ts";
import { messageOf } from "../../model/problem.ts";
import { attemptOf } from "../records/attempt.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";
import type { Checks } from "../checks/checks.ts";
import type { Container } from "../docker/container.ts";
import { colourPlace, type ReleasePlace } from "../colours/colour.ts";
import { Colours, type ColourEntry } from "../colours/colours.ts";
import { passGate } from "../checks/gate.ts";
import { inProof } from "../checks/proof.ts";
import { settleSwitchBack } from "./asked-switch.ts";
import { closingRecord, Records, verifiedRecord } from "../records/records.ts";
import { Routes } from "../colours/routes.ts";
import { followSeconds, settleRoutes } from "./switch.ts";
import { switchBack } from "./switch-back.ts";
import { takeDown } from "./take-down.ts";
import { settleWork } from "./settle-work.ts";
import { CheckFailure, failureOf } from "../checks/check-failure.ts";
import { watchRelease } from "../checks/watch.ts";
import { isOf, serversOf, Workers, workersOf } from "./workers.ts";

/** Seconds for which a release that nobody confirmed is watched through the proxy. */
const watched = 2;

/**
 * Settles what a run left whose attending process died: the release that serves is verified first, then marked as
 * verified, or left for the one before it. Each such run gets its closing record.
 */
export async function settleEarlier(view: View, say: Work["say"]): Promise<void> {
  const records = new Records(view.places);
  for (const what of records.read().damage) say("records", what);
  const work = settleWork(view, say, "-");
  try {
    settleSwitchBack(work);
    const settled = await settleLive(work, records);
    for (const run of records.open()) records.append(closed(run, settled, work));
  } catch (error) {
    say("release", `what an earlier run left could not be settled: ${messageOf(error)}; the next run settles it`);
  }
}

/** The release that serves. */
export interface ServingRelease {
  readonly place: ReleasePlace;
  readonly live: Colour;
  readonly entry: ColourEntry;
}

/**
 * The release that serves, after a switch that a dead run left open is settled, and a colour that it was bringing up is
 * taken down; undefined if none serves.
 */
export async function settledRelease(work: Work): Promise<ServingRelease | undefined> {
  const place = Colours.placeOf(work.state);
  if (place === undefined) return undefined;
  const routes = new Routes(place, work.engine);
  await settleRoutes(routes, work);
  const colours = Colours.read(work.state, place, routes.head());
  const live = colours.live;
  const entry = live && colours.of(live);
  if (live === undefined || entry === undefined) return undefined;
  const other = otherColour(live);
  if (colours.of(other)?.state === "starting") await takeDown(place, other, work);
  return { place, live, entry };
}

/** Lets the workers of a release that serves start, if a run died before they did. */
export async function settleWorkers({ place, live, entry }: ServingRelease, work: Work): Promise<void> {
  if (entry.workers === undefined || entry.checks === undefined) return;
  const workers = new Workers(place, work);
  await workers.stop(otherColour(live));
  const why = await workers.whyNotStarted(live, inProof(entry.checks.services));
  if (why !== undefined) work.say("release", `${entry.release} in ${live} is unhealthy: ${why}`);
}

/** How an earlier run's release was settled. */
interface Settled {
  /** The release that serves, if it was verified here. */
  readonly verified?: ColourEntry;
  /** What is wrong with what serves now. */
  readonly critical?: string | undefined;
}

async function settleLive(work: Work, records: Records): Promise<Settled> {
  const serving = await settledRelease(work);
  if (serving === undefined) return {};
  const isOpen = records.open().some(({ run }) => run === serving.entry.run);
  if (isOpen && !serving.entry.verified) return await verify(serving, work);
  await settleWorkers(serving, work);
  return {};
}

async function verify(serving: ServingRelease, work: Work): Promise<Settled> {
  const { place, live, entry } = serving;
  const { release } = entry;
  work.say("release", `verifies ${release} in ${live}, which an earlier run left unconfirmed`);
  const why = await whyUnhealthy(serving, work);
  const routes = new Routes(place, work.engine);
  if (why === undefined) {
    Colours.read(work.state, place, routes.head()).setLive(live, { verified: true });
    work.say("release", `${release} in ${live} is healthy, and verified`);
    return { verified: entry };
  }
  work.say("release", `${release} in ${live} is unhealthy: ${why}`);
  const { critical, ...switched } = await switchBack(place, live, work);
  if (critical !== undefined) work.say("release", critical);
  if (switched.back === undefined) work.say("release", `${release} stays, unverified: ${switched.why}`);
  return { critical };
}

/**
 * Why a release that serves is not well, by its replicas and through the proxy; undefined if it is. Its workers start
 * in between, if its run died before they did.
 */
async function whyUnhealthy({ place, live, entry }: ServingRelease, work: Work): Promise<string | undefined> {
  const { checks, release } = entry;
  const { engine, signal, progress } = work;
  if (checks === undefined) return "it is not known how to ask it";
  const { project } = colourPlace(place, live);
  const routes = new Routes(place, engine);
  const all = inProof(checks.services);
  const gateOf = (services: typeof all) =>
    passGate({ engine, project, colour: live, services, live: true, signal, progress });
  const failure = await failureOf(async () => {
    requireStarted(serversOf(all), live, await engine.project(project));
    await gateOf(serversOf(all));
    await settleWorkers({ place, live, entry }, work);
    await gateOf(workersOf(all));
    const generation = routes.head()?.generation ?? "";
    if (!(await routes.answers(generation, followSeconds, signal)))
      throw new CheckFailure("the proxy does not follow its routes");
    await watchRelease({ engine, place, project, release, checks, seconds: watched, signal, progress });
  });
  return failure?.message;
}

/** A run that died early has only made the containers: there is nothing to wait for. */
function requireStarted(services: Checks["services"], colour: Colour, containers: readonly Container[]): void {
  const idle = containers.find((one) => one.state === "created" && isOf(one, services, colour));
  if (idle !== undefined) throw new CheckFailure(`'${idle.name}' was not started`);
}

/** The closing record of a run whose attending process could not leave one. */
function closed({ run }: RunRecord, { verified, critical }: Settled, work: Work): RunRecord {
  if (verified?.run === run) {
    const { release, commit, hash } = verified;
    return verifiedRecord({ run, release, commit, images: imagesOf(work.state), hash }, work);
  }
  const release = attemptOf(work.state, run)?.release ?? "";
  const lost = "its attending process ended before it could leave a record";
  const own = { ...closingRecord(run, work), verdict: "lost", release } as const;
  return critical === undefined ? { ...own, why: lost } : { ...own, why: `${lost}; ${critical}`, critical: true };
}

/** By service: the images of the whole stack, as they were brought for the release. */
function imagesOf(state: Work["state"]): Record<string, string> {
  const entries = Object.entries(state.body("images")?.images ?? {}).flatMap(([image, users]) =>
    users.split(" ").map((service) => [service, image] as const),
  );
  return Object.fromEntries(entries);
}
