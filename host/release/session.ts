import type { RunRecord } from "../../model/facts/release/release.ts";
import { messageOf } from "../../model/problem.ts";
import { timeText } from "../../model/time.ts";
import type { SessionFolder } from "../session/session-folder.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";
import { attemptOf } from "../records/attempt.ts";
import { Colours } from "../colours/colours.ts";
import { keepDocuments } from "../colours/kept-documents.ts";
import { DatabaseSchemas } from "../state/database-schemas.ts";
import { stateJson, writeStateJson } from "../colours/state-json.ts";
import { failedVerbs, journalOf, uncleanEnds } from "../records/phases.ts";
import { closingRecord, emptyRecord, Records } from "../records/records.ts";
import { settleSwitchBack } from "./asked-switch.ts";
import { settledRelease, settleEarlier, settleWorkers, type ServingRelease } from "./settle.ts";
import { switchBack } from "./switch-back.ts";
import { settleWork } from "./settle-work.ts";

/** A run that holds the lease, as far as its release needs to know it. */
export interface ReleaseSession {
  readonly folder: SessionFolder;
  readonly say: (phase: string, message: string) => void;
  /** Why the run failed although each of its verbs ended well; empty if it did not. */
  readonly shortfall: () => string;
}

/** Settles what an earlier run left unconfirmed, closes that run's record, and notes that this run begins. */
export async function openRelease(view: View, { folder, say }: ReleaseSession): Promise<void> {
  await settleEarlier(view, say);
  const about = folder.about();
  if (about === undefined) return;
  const database = { before: new DatabaseSchemas(view.state).now, after: "" };
  const record = { ...emptyRecord, ...about, database, time: timeText(new Date()), verdict: "begun" } as const;
  new Records(view.places).append(record);
}

/**
 * Settles the release at the end of a session, after all verbs of its run: what was not confirmed goes back at once to
 * the previous release, which is no hold: the next `up` tries again. Leaves the closing record of the run.
 */
export async function settleRelease(view: View, { folder, say, shortfall }: ReleaseSession): Promise<void> {
  const about = folder.about();
  const records = new Records(view.places);
  settleMemory(view, say);
  if (about === undefined || !endsSwitchBack(view, say) || records.isClosed(about.run)) return;
  const closing = withShortfall(shortfall(), await closingOf(view, say, about.run));
  const lines = journalOf(view.state, about.run);
  const why = [closing.why, ...uncleanEnds(lines)].filter((part) => part !== "").join("; ");
  records.append({ ...closingRecord(about.run, view), ...about, ...closing, why });
  settleMemory(view, say);
}

/** Ends a switch back that broke off after the traffic moved; false if it cannot, so that the next run closes it. */
function endsSwitchBack(view: View, say: ReleaseSession["say"]): boolean {
  try {
    settleSwitchBack(view);
    return true;
  } catch (error) {
    say("release", `the switch back could not be ended: ${messageOf(error)}; the next run ends it`);
    return false;
  }
}

/** Keeps the documents of the release that serves, and writes what the colours are for the team's own scripts. */
function settleMemory(view: View, say: ReleaseSession["say"]): void {
  const { state } = view;
  const colours = Colours.now(view);
  if (colours === undefined) return;
  keepDocuments(colours, state);
  const why = writeStateJson(colours, state);
  if (why !== undefined) say("release", `'${colours.place.directory}/${stateJson}' could not be written: ${why}`);
}

/** Settles what a restart of the server, or a killed attending process, left of a release. */
export async function resumeRelease(view: View, say: ReleaseSession["say"]): Promise<void> {
  await settleEarlier(view, say);
}

type Closing = Pick<RunRecord, "verdict" | "release" | "why" | "critical">;

/** A run that was killed, or whose services are not well, is not done, although each verb ended well. */
function withShortfall(shortfall: string, closing: Closing): Closing {
  return closing.verdict !== "done" || shortfall === "" ? closing : { ...closing, verdict: "failed", why: shortfall };
}

async function closingOf(view: View, say: ReleaseSession["say"], run: string): Promise<Closing> {
  const work = settleWork(view, say, run);
  try {
    const unconfirmed = await settleUnconfirmed(work);
    if (unconfirmed !== undefined) return unconfirmed;
  } catch (error) {
    const why = `the release could not be settled: ${messageOf(error)}`;
    say("release", `${why}; the next run settles it`);
    return { verdict: "failed", release: attemptOf(view.state, run)?.release ?? "", why };
  }
  const failed = failedVerbs(journalOf(view.state, run));
  const attempt = attemptOf(view.state, run);
  const release = attempt?.release ?? "";
  if (failed.length === 0) return { verdict: "done", release, why: "" };
  const why = attempt === undefined || attempt.why === "" ? `${failed.join(" and ")} did not end well` : attempt.why;
  return { verdict: "failed", release, why, ...(attempt?.critical === true && { critical: true }) };
}

/** The record of a run whose release serves and was not confirmed; undefined if there is none. */
async function settleUnconfirmed(work: Work): Promise<Closing | undefined> {
  const serving = await settledRelease(work);
  if (serving === undefined) return undefined;
  if (serving.entry.run === work.run && !serving.entry.verified) return await goBack(serving, work);
  await settleWorkers(serving, work);
  return undefined;
}

async function goBack({ place, live, entry: { release } }: ServingRelease, work: Work): Promise<Closing> {
  work.say("release", `${release} in ${live} was not confirmed`);
  const { critical, ...switched } = await switchBack(place, live, work);
  if (critical !== undefined) work.say("release", critical);
  if (switched.back === undefined) work.say("release", `${release} stays, unverified: ${switched.why}`);
  const now = switched.back === undefined ? `, and stays: ${switched.why}` : `; ${switched.back.release} serves again`;
  const why = `it was not confirmed${now}`;
  if (critical === undefined) return { verdict: "unconfirmed", release, why };
  return { verdict: "unconfirmed", release, why: `${why}; ${critical}`, critical: true };
}
