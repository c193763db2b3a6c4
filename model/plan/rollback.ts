import { nothingSaid, refusalOf } from "../facts/release/going-back.ts";
import type { Observation } from "../facts/observation.ts";
import type { RunRecord } from "../facts/release/release.ts";
import type { Problem } from "../problem.ts";

/** The record to which a run goes back, in place of a release document. */
export interface Rollback {
  readonly record: RunRecord;
  /** The operator says that the release works with the schema of now. */
  readonly schemaCompatible: boolean;
}

/** Why a stack cannot go back to a record any more: the server may have changed since it was chosen (F59, F60). */
export function rollbackProblems(
  { record, schemaCompatible }: Rollback,
  observations: readonly (Observation | undefined)[],
): Problem[] {
  const known = observations.find((observation) => observation?.release !== undefined)?.release;
  if (known === undefined) return [];
  const refusal = refusalOf(record, known, { ...nothingSaid, schemaCompatible });
  if (refusal === undefined) return [];
  const what = `cannot go back to ${record.release} of ${record.time}: ${refusal}`;
  return [{ path: "release", what, todo: "see `slipway releases`" }];
}
