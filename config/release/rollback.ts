import { z } from "zod";
import { recordSchema, type RunRecord } from "../../model/facts/release/release.ts";
import { parseJson } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import { releaseOfRecord } from "../../model/plan/last-release.ts";
import type { Rollback } from "../../model/plan/rollback.ts";
import { withRelease, type Deployment } from "../../model/stack/deployment.ts";
import { rollbackVariable } from "../plan-variables.ts";
import { readRelease } from "./release.ts";
import { readTextFile } from "../whole-file.ts";

const rollbackSchema = z.strictObject({
  version: z.literal(1),
  stack: z.string(),
  schemaCompatible: z.boolean(),
  record: recordSchema,
});

/** The record to go back to, or its problems; neither if the run is no rollback. */
interface ReadRollback {
  readonly rollback: Rollback | undefined;
  readonly problems: readonly Problem[];
}

/** The text with which `slipway rollback` tells a run the record to go back to. */
export function rollbackText(said: { stack: string; record: RunRecord; schemaCompatible: boolean }): string {
  return `${JSON.stringify({ version: 1, ...said }, undefined, 2)}\n`;
}

/** Where a run finds out which release it is about. */
interface ReleasePlace {
  /** `project/stack`. */
  readonly name: string;
  /** The release document, in messages. */
  readonly file: string;
  readonly text: () => string | undefined;
}

/** The release that a run is told, by a document or by the record to which it goes back. */
type SaidRelease = ReadRollback & Pick<ReturnType<typeof readRelease>, "release">;

/** Reads the release of a run: that of the record to go back to, else that of the document. */
export function readSaidRelease({ name, file, text }: ReleasePlace, environment: NodeJS.ProcessEnv): SaidRelease {
  const { rollback, problems } = readRollback(environment, name);
  if (rollback !== undefined || problems.length > 0) return { release: undefined, rollback, problems };
  return { ...readRelease(file, text()), rollback };
}

/** Gives a deployment the release of the record to go back to, with the images that come with a release now. */
export function withRecordedRelease(deployment: Deployment, { rollback }: Pick<ReadRollback, "rollback">): Deployment {
  return rollback === undefined ? deployment : withRelease(deployment, releaseOfRecord(rollback.record));
}

/** Reads the record that the environment names; it takes the place of a release document. */
function readRollback(environment: NodeJS.ProcessEnv, stack: string): ReadRollback {
  const { [rollbackVariable]: file = "" } = environment;
  if (file === "") return { rollback: undefined, problems: [] };
  const todo = "let `slipway rollback` set it, or unset it";
  const text = readTextFile(file, rollbackVariable);
  const { data } = rollbackSchema.safeParse(parseJson(text ?? ""));
  if (data === undefined) {
    const what = `names no record of a release, got '${file}'`;
    return { rollback: undefined, problems: [{ path: rollbackVariable, what, todo }] };
  }
  if (data.stack !== stack) {
    const what = `names a record of another stack, got '${data.stack}' for ${stack}`;
    return { rollback: undefined, problems: [{ path: rollbackVariable, what, todo }] };
  }
  const { record, schemaCompatible } = data;
  return { rollback: { record, schemaCompatible }, problems: [] };
}
