import { pastReleases, type BackOptions } from "../../facts/release/going-back.ts";
import type { ReleaseFact, RunRecord } from "../../facts/release/release.ts";
import { doneText } from "../../session/progress.ts";
import { columns, toned, type Cell } from "../columns.ts";
import { printableLine, type Line } from "../tone.ts";
import { shortReason } from "../../reason.ts";

/** One run of a stack, as `slipway releases` tells it. */
export interface ReleaseRow extends RunRecord {
  /** Whether the stack may go back to this release. Only the last record of each release says. */
  readonly canGoBack: boolean;
  /** Why not; empty if it may, or where another record of the release says. */
  readonly whyNot: string;
}

/** The records of a stack's runs, the newest first, with the releases to which one can go back. */
export function releaseRows(release: ReleaseFact, options: BackOptions): ReleaseRow[] {
  const past = new Map(pastReleases(release, options).map(({ record, refusal }) => [record, refusal]));
  const closed = release.records.filter(({ verdict }) => verdict !== "begun").reverse();
  return closed.map((record): ReleaseRow => {
    const isPast = past.has(record);
    const refusal = past.get(record);
    return { ...record, canGoBack: isPast && refusal === undefined, whyNot: refusal ?? "" };
  });
}

const widths = [20, 14, 22, 58];

/** The same for people, for a stack by its short name. */
export function releaseRowLines(stack: string, rows: readonly ReleaseRow[], damage: readonly string[]): Line[] {
  const head = ["WHEN", "VERDICT", "RELEASE", "GO BACK TO IT"].map((text) => toned("quiet", text));
  const cells = rows.map((row): readonly Cell[] => [
    row.time,
    row.verdict,
    `${row.release}${shortCommit(row.commit)}`,
    `${backText(stack, row)}\n${byText(row)}${timesText(row)}${trafficText(row)}`,
  ]);
  const table = rows.length === 0 ? ["no run has left a record"] : columns([head, ...cells], widths, "");
  return [...table, ...damage.map((what): Line => [{ tone: "warning", text: what }])].map(printableLine);
}

function backText(stack: string, { canGoBack, whyNot, release, why }: ReleaseRow): string {
  if (canGoBack) return `slipway rollback --to ${release} --stack ${stack}`;
  return [whyNot === "" ? "" : `no: ${whyNot}`, shortReason(why)].filter((text) => text !== "").join("; ");
}

function byText({ holder, job }: ReleaseRow): string {
  return job === "" || holder.includes(job) ? holder : `${holder}, ${job}`;
}

function timesText({ phases }: ReleaseRow): string {
  const times = doneText(Object.entries(phases).map(([step, seconds]) => ({ step, seconds })));
  return times === "" ? "" : `\n${times}`;
}

/** The requests that were lost while the traffic moved. */
function trafficText({ traffic }: ReleaseRow): string {
  if (traffic === undefined) return "";
  const { asked, failed, errors } = traffic;
  const ofProxy = errors === undefined ? "the proxy's log could not be read" : `${errors} errors of the proxy`;
  return `\nlost while the traffic moved: ${failed} of slipway's ${asked} requests, ${ofProxy}`;
}

/** A commit in brackets, as short as git writes it; empty where it is not known. */
export function shortCommit(commit: string): string {
  return commit === "" ? "" : ` (${commit.slice(0, 12)})`;
}
