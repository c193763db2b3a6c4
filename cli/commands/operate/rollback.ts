import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rollbackVariable } from "../../../config/plan-variables.ts";
import { rollbackText } from "../../../config/release/rollback.ts";
import { replaceFile } from "../../../config/whole-file.ts";
import { releaseToGoBackTo, type BackOptions } from "../../../model/facts/release/going-back.ts";
import type { Observation } from "../../../model/facts/observation.ts";
import type { RunRecord } from "../../../model/facts/release/release.ts";
import { UserError } from "../../../model/problem.ts";
import { shortCommit } from "../../../model/report/operate/past-releases.ts";
import { lookUpImages } from "../../../registry/look-up.ts";
import * as declared from "../../declaration/operate.ts";
import { log } from "../../output.ts";
import { readProjectImages, withRegistries } from "../../project-images.ts";
import { openStackKeys } from "../../ssh/stack-keys.ts";
import { command, type Call, type CallOf } from "../command.ts";
import { preview, up } from "../operation.ts";
import { nameOfStack, observeDeclared, readDeclaredStack, type DeclaredStack } from "../../stack/declared-stack.ts";
import { allRecords } from "./releases.ts";

type RollbackCall = CallOf<typeof declared.rollback>;

/** `slipway rollback`: deploys an earlier release again, from the record of its deployment. */
export const rollback = command(declared.rollback, async (call) => {
  const name = nameOfStack(call);
  const { preview: only = false, "schema-compatible": schemaCompatible = false } = call.options;
  const declaredStack = await readDeclaredStack(call, name, "change");
  const record = await chooseRecord(call, declaredStack, schemaCompatible);
  const { release, commit, time, holder } = record;
  log(`goes back to ${release}${shortCommit(commit)}, verified ${time} by ${holder}`);
  const folder = mkdtempSync(join(tmpdir(), "slipway-rollback-"));
  try {
    const file = join(folder, "record.json");
    const text = rollbackText({ stack: declaredStack.stack.name, record, schemaCompatible });
    replaceFile(file, text, { place: rollbackVariable, mode: 0o600 });
    const environment = { ...call.environment, [rollbackVariable]: file };
    return await (only ? preview : up).run({ ...call, stack: name, stacks: [name], environment });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The record to go back to. The program asks the same rules again under the lease, except for the registries. */
async function chooseRecord(call: RollbackCall, stack: DeclaredStack, schemaCompatible: boolean): Promise<RunRecord> {
  const { to } = call.options;
  const { release } = await observeStack(call, stack);
  if (release === undefined) {
    const what = "no release was ever deployed there";
    throw new UserError({ path: stack.stack.name, what, todo: "deploy one with `slipway up`" });
  }
  const goneImages = await imagesGone(call, release.missingImages);
  const options: BackOptions = { schemaCompatible, goneImages };
  const found = releaseToGoBackTo(release, to, options);
  if ("problem" in found) throw new UserError(found.problem);
  return found.record;
}

async function observeStack(call: Call, stack: DeclaredStack): Promise<Observation> {
  const keys = await openStackKeys(call, [stack.stack.name]);
  try {
    return await observeDeclared(stack, keys, allRecords);
  } finally {
    await keys.close();
  }
}

/** The images that the server lacks and that their registry does not have either, as far as it answers. */
async function imagesGone(call: Call, missing: readonly string[]): Promise<string[]> {
  if (missing.length === 0) return [];
  const wanted = missing.map((image) => ({ path: "images", image, platforms: [] }));
  try {
    const { stacks } = await readProjectImages(call);
    const { problems } = await withRegistries(stacks, call.environment, (client) => lookUpImages(client, wanted));
    return missing.filter((image) => problems.some(({ what }) => what.startsWith(`'${image}' does not exist`)));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    log(`whether the registries still have earlier images is not known: ${error.message}`);
    return [];
  }
}
