import { lstatSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { readOffline } from "../../config/offline.ts";
import { createFiles } from "../../config/whole-file.ts";
import { configurationError, describeProblem, UserError } from "../../model/problem.ts";
import { planFresh } from "../../model/report/server-files.ts";
import { showServerFiles } from "../../model/report/server-files-text.ts";
import { unlockedImages } from "../../model/stack/images.ts";
import { missingInLock } from "../../model/stack/images/lock.ts";
import { parseImageReference } from "../../model/stack/images/reference.ts";
import type { Stack } from "../../model/stack/stack.ts";
import { exitCodes } from "../exit-code.ts";
import { log, print } from "../output.ts";
import { requireStackName } from "../stack/stack-name.ts";
import * as declared from "../declaration/plans.ts";
import { command, type Answer, type CallOf } from "./command.ts";

/** `slipway render`: shows the files that a server would get, without a key, a state, a server or a value. */
export const render = command(declared.render, renderFiles);

async function renderFiles(call: CallOf<typeof declared.render>): Promise<Answer> {
  const { folder, environment } = call;
  const out = call.options.out === undefined ? undefined : resolve(call.options.out);
  const stack = requireStackName(call);
  const { read, unknown, problems: all, variables } = await readOffline({ folder, stack, environment });
  // The files are the same but for the digests, and only a registry knows those.
  const unlocked = read === undefined ? [] : missingTags(read.stack);
  const problems = all.filter((problem) => !unlocked.includes(describeProblem(problem)));
  if (read === undefined || problems.length > 0) throw configurationError(problems);
  const namesKnown = variables.source.names === "known";
  const plan = planFresh({ deployment: read.deployment, unknown, namesKnown, plain: {} });
  const { files, lines } = showServerFiles(plan, unknown);
  for (const line of unlocked) log(line);
  if (out !== undefined) writeBelow(out, files);
  const said = out === undefined ? lines : [`${plan.stack.name}: wrote ${files.size} files below ${out}`];
  const json = { stack: plan.stack.name, files: Object.fromEntries(files) };
  return { exitCode: exitCodes.done, json, show: () => said.forEach((line) => print(line)) };
}

/** The problems of tags that the lock lacks. One of a name that no image can have is not among them. */
function missingTags(stack: Stack): string[] {
  return unlockedImages(stack)
    .filter(({ image }) => parseImageReference(image) !== undefined)
    .map(({ image, user }) => describeProblem(missingInLock(image, user, stack.locked)));
}

/** Writes files below a folder that is empty or new: all of them, or none. */
function writeBelow(folder: string, files: ReadonlyMap<string, string>): void {
  requireEmpty(folder);
  createFiles(Array.from(files, ([path, text]) => ({ file: join(folder, path), text, place: "--out" })));
}

function requireEmpty(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined || (found.isDirectory() && readdirSync(folder).length === 0)) return;
  const is = found.isSymbolicLink() ? "is a link" : found.isDirectory() ? "is not empty" : "is not a folder";
  throw new UserError({ path: "--out", what: `${is}, got '${folder}'`, todo: "name a folder that does not exist yet" });
}
