import type { ReadStackVariables } from "../../config/assemble.ts";
import { readOfflineVariables } from "../../config/offline.ts";
import { readProjectFiles } from "../../config/stack-files.ts";
import { UserError, configurationError } from "../../model/problem.ts";
import type { Call, Command } from "./command.ts";
import { exitCodes } from "../exit-code.ts";
import { shortStack } from "../one-stack.ts";
import { print } from "../output.ts";
import { ownOptions } from "../own-options.ts";

/** `slipway env check`: whether the variables of environments are as `.env.example` wants them (A3). */
export const envCheck: Command = {
  name: "env check",
  usage: "[--stack <stack>]…",
  summary: "says what is wrong with the variables of environments, without server and engine",
  details: [
    "",
    "Without --stack every stack that has a file. It reads the stack's files, the encrypted file, or the CI's variables, and .env.example; it connects to nothing, and",
    "runs no command of a stack. Secret config is encrypted with the stack's passphrase: of that only the names are checked.",
    "The exit code is 1 where something is wrong, and 4 where nothing is and some environment's values could not be looked at here, for want of its key.",
  ],
  run: check,
};

type Verdict = "right" | "wrong" | "not checked";

async function check(call: Call): Promise<number> {
  ownOptions(call, []);
  const { stacks: all, root } = readProjectFiles(call.folder);
  const stacks = call.stacks.length > 0 ? call.stacks.map(shortStack) : all;
  if (stacks.length === 0) {
    const todo = "make one with `slipway init --stack <name>`";
    throw new UserError({ path: root, what: "there is no file of a stack", todo });
  }
  const verdicts: Verdict[] = [];
  for (const stack of stacks) verdicts.push(await checkStack(call, stack));
  if (verdicts.includes("wrong")) return exitCodes.refused;
  return verdicts.includes("not checked") ? exitCodes.notChecked : exitCodes.done;
}

async function checkStack({ folder, environment }: Call, stack: string): Promise<Verdict> {
  try {
    const read = await readOfflineVariables({ folder, stack, environment });
    print(`${stack}: variables from ${read.variables.source.name}`);
    read.variables.notes.forEach((line) => print(`  ${line}`));
    if (read.problems.length > 0) throw configurationError(read.problems);
    print(`  ${counts(read)}`);
    return read.variables.source.values === "known" ? "right" : "not checked";
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${stack}: ${error.message}\n`);
    return "wrong";
  }
}

/** How many variables there are, and whether their values were looked at. */
function counts({ variables }: ReadStackVariables): string {
  const { source, configured, own } = variables;
  const found = `${source.variables.length} of ${source.name}`;
  const all = `${Object.keys(configured).length} of the stack's file, ${Object.keys(own).length} of slipway's own, ${found}`;
  if (source.values === "known") return `right: ${all}`;
  return `not checked: the values of ${source.name} are not known here; ${all}`;
}
