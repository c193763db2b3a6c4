import type { ReadStackVariables } from "../../config/assemble.ts";
import { readOfflineVariables } from "../../config/offline.ts";
import { readProjectFiles } from "../../config/stack-files.ts";
import { UserError, configurationError } from "../../model/problem.ts";
import * as declared from "../declaration/env.ts";
import { command, type Answer, type Call } from "./command.ts";
import { exitCodes } from "../exit-code.ts";
import { shortStackName } from "../stack/stack-name.ts";
import { print, printError } from "../output.ts";
import { waits } from "../waits.ts";

/** `slipway env check`: checks the variables of environments against `.env.example` (A3). */
export const envCheck = command(declared.envCheck, checkStacks);

/** The variables of one stack, as far as they could be checked. */
interface CheckedStack {
  readonly stack: string;
  readonly verdict: "right" | "wrong" | "not checked";
  /** Undefined if the files could not be read. */
  readonly source?: string;
  readonly lines: readonly string[];
  /** Undefined if there are none. */
  readonly error?: UserError;
}

async function checkStacks(call: Call): Promise<Answer> {
  const { stacks: all, root } = readProjectFiles(call.folder);
  const stacks = call.stacks.length > 0 ? call.stacks.map(shortStackName) : all;
  if (stacks.length === 0) {
    const todo = "make one with `slipway new --stack <name>`";
    throw new UserError({ path: root, what: "there is no file of a stack", todo });
  }
  const checked: CheckedStack[] = [];
  for (const stack of stacks) checked.push(await checkStack(call, stack));
  const verdicts = checked.map(({ verdict }) => verdict);
  const otherwise = verdicts.includes("not checked") ? exitCodes.notChecked : exitCodes.done;
  const exitCode = verdicts.includes("wrong") ? exitCodes.refused : otherwise;
  const json = checked.map(({ stack, verdict, source, error }) => {
    return { stack, verdict, source, problems: error?.problems ?? [] };
  });
  return { exitCode, json: { exitCode, stacks: json }, show: () => checked.forEach(showStack) };
}

function showStack({ stack, lines, error }: CheckedStack): void {
  lines.forEach((line) => print(line));
  if (error !== undefined) printError(error, `${stack}: `);
}

async function checkStack({ folder, environment }: Call, stack: string): Promise<CheckedStack> {
  try {
    const asked = { folder, stack, environment };
    const read = await waits.during(`reads the variables of ${stack}`, () => readOfflineVariables(asked));
    const { source, notes } = read.variables;
    const lines = [`${stack}: variables from ${source.name}`, ...notes.map((note) => `  ${note}`)];
    const one = { stack, source: source.name, lines };
    if (read.problems.length > 0) return { ...one, verdict: "wrong", error: configurationError(read.problems) };
    const verdict = source.values === "known" ? "right" : "not checked";
    return { ...one, verdict, lines: [...lines, `  ${summaryOf(read)}`] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { stack, verdict: "wrong", lines: [], error };
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
