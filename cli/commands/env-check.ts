import type { ReadStackVariables } from "../../config/assemble.ts";
import { readOfflineVariables } from "../../config/offline.ts";
import { readProjectFiles } from "../../config/stack-files.ts";
import { UserError, configurationError } from "../../model/problem.ts";
import type { Call, Command } from "./command.ts";
import { exitCodes } from "../exit-code.ts";
import { shortStackName } from "../stack-name.ts";
import { print } from "../output.ts";
import { readOptions } from "../options.ts";

/** `slipway env check`: checks the variables of environments against `.env.example` (A3). */
export const envCheck: Command = {
  name: "env check",
  usage: "[--stack <stack>]…",
  summary: "checks the variables of environments, without server and engine",
  details: [
    "",
    "Without --stack it checks every stack that has a file. It reads the stack's files, the encrypted file or the CI's",
    "variables, and .env.example. It connects to nothing and runs no command of a stack. Secret config is encrypted",
    "with the stack's passphrase, so only its names are checked.",
    "The exit code is 1 if something is wrong, and 4 if nothing is wrong but the key to some environment's values is",
    "missing here.",
  ],
  run: checkStacks,
};

type Verdict = "right" | "wrong" | "not checked";

async function checkStacks(call: Call): Promise<number> {
  readOptions(call, []);
  const { stacks: all, root } = readProjectFiles(call.folder);
  const stacks = call.stacks.length > 0 ? call.stacks.map(shortStackName) : all;
  if (stacks.length === 0) {
    const todo = "make one with `slipway new --stack <name>`";
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
    print(`  ${summaryOf(read)}`);
    return read.variables.source.values === "known" ? "right" : "not checked";
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${stack}: ${error.message}\n`);
    return "wrong";
  }
}

/** A line with the result and the numbers of variables. */
function summaryOf({ variables }: ReadStackVariables): string {
  const { source, configured, own } = variables;
  const counts = [
    `${Object.keys(configured).length} of the stack's file`,
    `${Object.keys(own).length} of slipway's own`,
    `${source.variables.length} of ${source.name}`,
  ].join(", ");
  if (source.values === "known") return `right: ${counts}`;
  return `not checked: the values of ${source.name} are not known here; ${counts}`;
}
