import { otherColour, type Colour } from "../../model/colour.ts";
import type { RunRecord } from "../../model/facts/observation.ts";
import { messageOf } from "../../model/problem.ts";
import { timeText } from "../../model/time.ts";
import { attemptOf } from "./attempt.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";
import { colourPlace, type ReleasePlace } from "./colour.ts";
import { Colours, type ColourEntry } from "./colours.ts";
import { passGate } from "../checks/gate.ts";
import { inProof } from "../checks/proof.ts";
import { emptyRecord, Records, verifiedRecord } from "./records.ts";
import { Routes } from "./routes.ts";
import { followSeconds, settleRoutes } from "./switch.ts";
import { switchBack } from "./switch-back.ts";
import { takeDown } from "./take-down.ts";
import { settleWork } from "./settle-work.ts";
import { CheckFailure, failureOf } from "../checks/check-failure.ts";
import { watchRelease } from "../checks/watch.ts";

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
    const verified = await settleLive(work, records);
    for (const run of records.open()) records.append(closed(run, verified, work));
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

/** The release that serves, if it was verified here; undefined otherwise. */
async function settleLive(work: Work, records: Records): Promise<ColourEntry | undefined> {
  const serving = await settledRelease(work);
  if (serving === undefined) return undefined;
  const isOpen = records.open().some(({ run }) => run === serving.entry.run);
  return isOpen && !serving.entry.verified ? await verify(serving, work) : undefined;
}

async function verify({ place, live, entry }: ServingRelease, work: Work): Promise<ColourEntry | undefined> {
  const { release } = entry;
  work.say("release", `verifies ${release} in ${live}, which an earlier run left unconfirmed`);
  const why = await whyUnhealthy(place, live, entry, work);
  const routes = new Routes(place, work.engine);
  if (why === undefined) {
    Colours.read(work.state, place, routes.head()).setLive(live, { verified: true });
    work.say("release", `${release} in ${live} is healthy, and verified`);
    return entry;
  }
  work.say("release", `${release} in ${live} is unhealthy: ${why}`);
  const switched = await switchBack(place, live, work);
  if (switched.back === undefined) work.say("release", `${release} stays, unverified: ${switched.why}`);
  return undefined;
}

/** Why a release that serves is not well, by its replicas and through the proxy; undefined if it is. */
async function whyUnhealthy(
  place: ReleasePlace,
  colour: Colour,
  { checks, release }: ColourEntry,
  { engine, signal }: Work,
): Promise<string | undefined> {
  if (checks === undefined) return "it is not known how to ask it";
  const { project } = colourPlace(place, colour);
  const routes = new Routes(place, engine);
  const failure = await failureOf(async () => {
    await passGate({ engine, project, colour, services: inProof(checks.services), live: true, signal });
    const generation = routes.head()?.generation ?? "";
    if (!(await routes.answers(generation, followSeconds, signal)))
      throw new CheckFailure("the proxy does not follow its routes");
    await watchRelease({ engine, place, project, release, checks, seconds: watched, signal });
  });
  return failure?.message;
}

/** The closing record of a run whose attending process could not leave one. */
function closed({ run, holder, job }: RunRecord, verified: ColourEntry | undefined, work: Work): RunRecord {
  if (verified?.run === run) {
    const { release, commit, hash } = verified;
    return verifiedRecord({ run, release, commit, images: imagesOf(work.state), hash }, work);
  }
  const release = attemptOf(work.state, run)?.release ?? "";
  const why = "its attending process ended before it could leave a record";
  return { ...emptyRecord, run, holder, job, time: timeText(new Date()), verdict: "lost", release, why };
}

/** By service: the images of the whole stack, as they were brought for the release. */
function imagesOf(state: Work["state"]): Record<string, string> {
  const entries = Object.entries(state.body("images")?.images ?? {}).flatMap(([image, users]) =>
    users.split(" ").map((service) => [service, image] as const),
  );
  return Object.fromEntries(entries);
}
