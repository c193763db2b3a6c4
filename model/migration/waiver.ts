import { waiverFault, type Comment, type Waiver } from "./comments.ts";
import type { Finding, RuleName } from "./rule.ts";
import type { Statement } from "./statement.ts";

/** Rules about the set of files, which are found after all files were read. */
const ofSets: readonly RuleName[] = ["deleted-migration", "changed-migration"];

/** The lines for which a waiver holds. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * Marks what a waiver allows, and adds a finding for each waiver that allows nothing. At the head of a file a waiver
 * holds for all of it, elsewhere for the statement below, or for that on its own line.
 */
export function allow(
  found: readonly Finding[],
  waivers: readonly Waiver[],
  statements: readonly Statement[],
): Finding[] {
  const ranges = new Map(waivers.map((waiver) => [waiver, rangeOf(waiver.comment, statements)]));
  const holds = (waiver: Waiver, { rule, line }: Finding): boolean => {
    const { first, last } = ranges.get(waiver) ?? { first: 0, last: 0 };
    return waiver.rules.some((one) => one === rule) && line >= first && line <= last;
  };
  const idle = waivers.flatMap((waiver) =>
    waiver.rules
      .filter((rule) => !ofSets.includes(rule))
      .filter((rule) => !found.some((finding) => finding.rule === rule && holds(waiver, finding)))
      .map((rule) => waiverFault(waiver.comment.line, `finds nothing to allow, got '${rule}'`, "remove it")),
  );
  const marked = found.map((finding): Finding => {
    const waiver = waivers.find((one) => holds(one, finding));
    return waiver === undefined ? finding : { ...finding, waiver: waiver.reason };
  });
  return [...marked, ...idle];
}

function rangeOf(comment: Comment, statements: readonly Statement[]): Range {
  const [head] = statements;
  if (head === undefined || comment.end <= head.start) return { first: 0, last: Infinity };
  const isBehind = (one: Statement): boolean => one.end <= comment.start && one.lastLine === comment.line;
  const below = statements.find(({ end }) => end > comment.start);
  const statement = statements.find(isBehind) ?? below ?? statements.at(-1) ?? head;
  return { first: statement.line, last: statement.lastLine };
}
