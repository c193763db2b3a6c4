import { differencesOf } from "../case/result.ts";
import type { ServerView } from "../case/server-view.ts";
import { comparisonOf, type Comparison } from "./comparison.ts";
import { describe } from "./difference.ts";
import { changedTrial, comparisonOfTrial, type Change } from "./trial.ts";

/** The differences of the trial with changes, in lines. */
export function found(...changes: readonly Change[]): string[] {
  return linesOf(comparisonOfTrial(changedTrial(changes)));
}

/** The differences of the trial with changes, on a server of which more is changed. */
export function foundOn(changed: (server: ServerView) => ServerView, ...changes: readonly Change[]): string[] {
  const comparison = comparisonOfTrial(changedTrial(changes));
  return linesOf(comparisonOf({ ...comparison, server: changed(comparison.server) }));
}

/** The differences of a comparison that are not on purpose, in lines. */
export function linesOf(comparison: Comparison): string[] {
  return differencesOf(comparison, () => undefined).map(describe);
}
