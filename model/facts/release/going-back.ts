import { z } from "zod";
import { heldText, isWhole, type ReleaseFact, type RunRecord, type SchemaStep } from "./release.ts";
import type { Problem } from "../../problem.ts";

/** The release facts that decide to what a stack may go back. */
type KnownReleases = Pick<ReleaseFact, "colours" | "holds" | "records" | "schemas">;

/** What is known of releases to go back to beside the facts of the server. */
export interface BackOptions {
  /** The operator says that the release works with the schema of now, although nothing on the server says so. */
  readonly schemaCompatible: boolean;
  /** The images that neither the server nor their registry has. */
  readonly goneImages: readonly string[];
}

/** Nothing is said beside the facts of the server. */
export const nothingSaid: BackOptions = { schemaCompatible: false, goneImages: [] };

/** A release that was verified, with its last record, and why the stack cannot go back to it. */
export interface PastRelease {
  readonly record: RunRecord;
  /** Undefined if the stack may go back to it. */
  readonly refusal: string | undefined;
}

/** Every release that was verified, once, in the order in which they served first; records alone count (C2, B5). */
export function pastReleases(known: KnownReleases, options: BackOptions = nothingSaid): PastRelease[] {
  const last = new Map<string, RunRecord>();
  for (const record of known.records.filter(isWhole)) last.set(identityOf(record), record);
  return [...last.values()].map((record) => ({ record, refusal: refusalOf(record, known, options) }));
}

/** The releases to which a stack may go back, the newest first. */
export function allowedReleases(known: KnownReleases): RunRecord[] {
  const allowed = pastReleases(known).filter(({ refusal }) => refusal === undefined);
  return allowed.map(({ record }) => record).reverse();
}

/**
 * Why a stack cannot go back to a release: it serves, it is held, an image is gone, or the database has another schema
 * (F59, F60). Previews and runs under the lease ask the same.
 */
export function refusalOf(record: RunRecord, known: KnownReleases, options: BackOptions): string | undefined {
  const hold = known.holds.find(({ hash }) => hash === record.hash);
  const gone = Object.values(record.images).filter((image) => options.goneImages.includes(image));
  if (isServing(record, known)) return "it serves already";
  if (hold !== undefined) return `${heldText(hold)}; \`slipway resume ${hold.release}\` lets it be deployed again`;
  if (gone.length > 0) return `'${gone[0] ?? ""}' is neither on the server nor in its registry`;
  return schemaRefusal(record, known.schemas, options);
}

/** Why a release does not work with the schema of now, or why that is not known; undefined if it works. */
export function schemaRefusal(
  { release, database }: Pick<RunRecord, "release" | "database">,
  steps: readonly SchemaStep[],
  { schemaCompatible }: Pick<BackOptions, "schemaCompatible">,
): string | undefined {
  const at = steps.findLastIndex(({ schema }) => schema === database.after);
  const later = steps.slice(at + 1);
  const [next] = later;
  const contract = later.find((step) => step.contract);
  if (contract !== undefined)
    return `schema '${contract.schema}' of release ${contract.release} does not work with earlier releases (contract)`;
  const isKnown = database.after === "" || at >= 0;
  if (isKnown && (next === undefined || later.length === 1)) return undefined;
  if (isKnown && later.some(({ named }) => named))
    return `the database has changed ${later.length} times since: ${told(later)}`;
  if (schemaCompatible) return undefined;
  const what = isKnown
    ? `${later.length} releases have migrated the database since: ${told(later)}`
    : `it is not known which changes of the database came after it`;
  return `${what}; add --schema-compatible if you know that ${release} works with it`;
}

/** The release to go back to: the one that was asked for, or the one before the release that serves. */
export function releaseToGoBackTo(
  known: KnownReleases,
  asked: string | undefined,
  options: BackOptions,
): { readonly record: RunRecord } | { readonly problem: Problem } {
  const found = asked === undefined ? releaseBefore(known, options) : releaseNamed(known, asked, options);
  if (found === undefined) return { problem: unknownRelease(known, asked) };
  const { record, refusal } = found;
  if (refusal === undefined) return { record };
  const what = `cannot go back to ${record.release} of ${record.time}: ${refusal}`;
  return { problem: { path: pathOf(asked), what, todo: allowedText(known) } };
}

/** The newest release before the one that serves which is not held, also if it is refused for another reason. */
function releaseBefore(known: KnownReleases, options: BackOptions): PastRelease | undefined {
  const all = pastReleases(known, options);
  const serving = all.findIndex(({ record }) => isServing(record, known));
  const before = serving < 0 ? all : all.slice(0, serving);
  return before.findLast(({ record }) => !known.holds.some(({ hash }) => hash === record.hash));
}

/** A release by its version, or by the run that verified it. */
function releaseNamed(known: KnownReleases, asked: string, options: BackOptions): PastRelease | undefined {
  const byRun = known.records.find((record) => isWhole(record) && record.run === asked);
  if (byRun !== undefined) return { record: byRun, refusal: refusalOf(byRun, known, options) };
  return pastReleases(known, options).findLast(({ record }) => record.release === asked);
}

/** Why traffic cannot go back to the warm release: the database has another schema (F60); undefined if it can. */
export function warmRefusal(
  { hash }: Pick<ReleaseFact["colours"][number], "hash">,
  { records, schemas }: Pick<KnownReleases, "records" | "schemas">,
): string | undefined {
  const record = records.findLast((one) => one.hash === hash && isWhole(one));
  return record === undefined ? undefined : schemaRefusal(record, schemas, { schemaCompatible: true });
}

/** The warm release, if traffic can go back to it. */
function warmRelease(known: KnownReleases): KnownReleases["colours"][number] | undefined {
  return known.colours.find((colour) => colour.state === "warm" && warmRefusal(colour, known) === undefined);
}

/** How a stack goes back, and to which release. */
export const wayBackSchema = z.object({
  /** The words after `slipway`. */
  words: z.string(),
  release: z.string(),
  commit: z.string(),
});

type WayBack = Readonly<z.output<typeof wayBackSchema>>;

/** The way back of a stack: at once to the warm release, else by a deployment of an earlier one. */
export function wayBack(known: KnownReleases): WayBack | undefined {
  const warm = warmRelease(known);
  if (warm !== undefined) return { words: "switch-back", release: warm.release, commit: warm.commit };
  const found = releaseToGoBackTo(known, undefined, nothingSaid);
  if ("record" in found) return { words: "rollback", release: found.record.release, commit: found.record.commit };
  const [allowed] = allowedReleases(known);
  if (allowed === undefined) return undefined;
  return { words: `rollback --to ${allowed.release}`, release: allowed.release, commit: allowed.commit };
}

/** A way back as an operator types it. */
export interface GoBack {
  readonly command: string;
  readonly release: string;
  readonly commit: string;
}

/** The command of a way back for a stack, `project/stack`. */
export function goBackOf(stack: string, way: WayBack | undefined): GoBack | undefined {
  if (way === undefined) return undefined;
  const { words, release, commit } = way;
  return { command: `slipway ${words} --stack ${stack.slice(stack.indexOf("/") + 1)}`, release, commit };
}

function unknownRelease(known: KnownReleases, asked: string | undefined): Problem {
  const path = pathOf(asked);
  if (asked === undefined) {
    return { path, what: "there is no verified release before the one that serves", todo: allowedText(known) };
  }
  const tried = known.records.findLast(({ release, verdict }) => release === asked && isAttempt(verdict));
  const what = tried === undefined ? `no record names such a release, got '${asked}'` : unverifiedText(tried);
  return { path, what, todo: allowedText(known) };
}

/** Tells the verdict of a run that brought a release. */
function isAttempt(verdict: RunRecord["verdict"]): boolean {
  return verdict !== "begun" && verdict !== "resumed";
}

/** Why a record does not count. */
function unverifiedText({ release, verdict, time, why }: RunRecord): string {
  if (verdict === "verified" || verdict === "switched back")
    return `the record of ${release} of ${time} names no images, so nothing tells what to deploy`;
  return `${release} was never verified; its run of ${time} ended as '${verdict}'${why === "" ? "" : `: ${why}`}`;
}

function allowedText(known: KnownReleases): string {
  const versions = allowedReleases(known).map(({ release }) => release);
  const warm = warmRelease(known);
  if (versions.length === 0 && warm !== undefined) return `\`slipway switch-back\` goes back to ${warm.release}`;
  if (versions.length === 0) return "there is no release to go back to; deploy a new one";
  return `\`--to\` may name ${versions.join(", ")}`;
}

function pathOf(asked: string | undefined): string {
  return asked === undefined ? "slipway rollback" : "--to";
}

/** A new configuration makes another document of the release that serves, but no other release. */
function isServing(record: RunRecord, { colours }: Pick<ReleaseFact, "colours">): boolean {
  const live = colours.find(({ state }) => state === "live");
  return live?.verified === true && (live.hash === record.hash || identityOf(live) === identityOf(record));
}

function identityOf({ release, commit }: Pick<RunRecord, "release" | "commit">): string {
  return JSON.stringify([release, commit]);
}

function told(steps: readonly SchemaStep[]): string {
  return steps.map(({ schema, named, release }) => (named ? `'${schema}' (${release})` : release)).join(", ");
}
