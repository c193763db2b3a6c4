import { describe, type Aspect } from "../compare/difference.ts";
import { allowed } from "../allowed.ts";
import type { CaseResult } from "./result.ts";

type Results = ReadonlyMap<string, CaseResult>;

/** Small cases show one thing each; all others are files of public projects. */
export function isSmall(name: string): boolean {
  return name.startsWith("micro-");
}

/** What a run found, in a few lines. */
export function summaryLines(results: Results, used: ReadonlySet<string>): string[] {
  const all = [...results];
  const small = all.filter(([name]) => isSmall(name));
  const real = all.filter(([name]) => !isSmall(name));
  const unused = allowed.filter(({ what }) => !used.has(what)).map(({ what }) => what);
  return [
    `cases: ${carriedOf(real)} of ${real.length} real and ${carriedOf(small)} of ${small.length} small are carried`,
    `  refused: ${all.filter(([, { kind }]) => kind === "refused").length}`,
    ...Object.entries(casesByAspect(all)).map(([aspect, count]) => `  with differences of ${aspect}: ${count}`),
    ...(unused.length === 0 ? [] : [`  allowed, and needed by no case: ${unused.join(", ")}`]),
  ];
}

function carriedOf(results: readonly [string, CaseResult][]): number {
  return results.filter(([, { kind }]) => kind === "carried").length;
}

/** The number of cases with at least one difference of each kind. */
function casesByAspect(results: readonly [string, CaseResult][]): Partial<Record<Aspect, number>> {
  const aspects = results.flatMap(([, result]) =>
    result.kind === "differs" ? [...new Set(result.differences.map(({ aspect }) => aspect))] : [],
  );
  const groups = [...Map.groupBy(aspects, (aspect) => aspect)].sort(([, a], [, b]) => b.length - a.length);
  return Object.fromEntries(groups.map(([aspect, found]) => [aspect, found.length]));
}

/** What each case lacks, in lines. */
export function faultLines(result: CaseResult): readonly string[] {
  switch (result.kind) {
    case "carried":
      return [];
    case "differs":
      return result.differences.map(describe);
    case "refused":
      return result.messages;
  }
}
