import { lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readOffline } from "../../config/offline.ts";
import { configurationError, describeProblem, messageOf, UserError } from "../../model/problem.ts";
import { planFresh } from "../../model/report/server-files.ts";
import { showServerFiles } from "../../model/report/server-files-text.ts";
import { unlockedImages } from "../../model/stack/images.ts";
import { missingInLock } from "../../model/stack/images/lock.ts";
import { parseImageReference } from "../../model/stack/images/reference.ts";
import type { Stack } from "../../model/stack/stack.ts";
import { exitCodes } from "../exit-code.ts";
import { log, print } from "../output.ts";
import { requireStackName } from "../stack-name.ts";
import type { Call, Command } from "./command.ts";

/** `slipway render`: shows the files that a server would get, without a key, a state, a server or a value. */
export const render: Command = {
  name: "render",
  usage: "[--out <folder>]",
  summary: "prints the files that a server would get",
  details: [
    "",
    "It reads the files of the repository alone. It prints the compose file of each part, the proxy's configuration",
    "and routes, the names of the files that are delivered, and the names of the variables that each service uses.",
    "It needs neither key, state nor network, and knows no value of a secret. The release is shown in one colour.",
    "--out writes the same as files below a folder, which must be empty or not there yet.",
    "docs/render.md shows an example.",
  ],
  run: renderFiles,
};

async function renderFiles(call: Call): Promise<number> {
  const out = outOf(call);
  const { folder, environment } = call;
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
  if (out === undefined) lines.forEach((line) => print(line));
  else {
    writeBelow(out, files);
    print(`${plan.stack.name}: wrote ${files.size} files below ${out}`);
  }
  return exitCodes.done;
}

/** The problems of tags that the lock lacks. One of a name that no image can have is not among them. */
function missingTags(stack: Stack): string[] {
  return unlockedImages(stack)
    .filter(({ image }) => parseImageReference(image) !== undefined)
    .map(({ image, user }) => describeProblem(missingInLock(image, user, stack.locked)));
}

function outOf(call: Call): string | undefined {
  try {
    const { out } = parseArgs({ args: [...call.words], options: { out: { type: "string" } } }).values;
    return out === undefined ? undefined : resolve(out);
  } catch (error) {
    const said = messageOf(error).split(/[.\n]/)[0] ?? "";
    const what = `does not know the words '${call.words.join(" ")}' (${said})`;
    throw new UserError({ path: "slipway render", what, todo: "see the command's --help" }, { usage: true });
  }
}

/** Writes files below a folder that is empty or new. Each is created, so none is written through a link. */
function writeBelow(folder: string, files: ReadonlyMap<string, string>): void {
  requireEmpty(folder);
  for (const [path, text] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: "wx" });
  }
}

function requireEmpty(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined || (found.isDirectory() && readdirSync(folder).length === 0)) return;
  const is = found.isSymbolicLink() ? "is a link" : found.isDirectory() ? "is not empty" : "is not a folder";
  throw new UserError({ path: "--out", what: `${is}, got '${folder}'`, todo: "name a folder that does not exist yet" });
}
