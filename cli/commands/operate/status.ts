import { readProjectFiles } from "../../../config/stack-files.ts";
import { describeProblem, UserError, type Problem } from "../../../model/problem.ts";
import { statusReport, type StatusReport } from "../../../model/report/operate/status.ts";
import { statusLines } from "../../../model/report/operate/status-lines.ts";
import type { Line } from "../../../model/report/tone.ts";
import * as declared from "../../declaration/operate.ts";
import { exitCodes } from "../../exit-code.ts";
import { print } from "../../output.ts";
import type { Keys } from "../../ssh/keys.ts";
import { openObservingKeys } from "../../ssh/stack-keys.ts";
import { shortStackName } from "../../stack/stack-name.ts";
import { command, type Answer, type Call } from "../command.ts";
import { observeDeclared, readDeclaredStack } from "../../stack/declared-stack.ts";

/** `slipway status`: what runs, how it is, and how to go back; for people at night, and for programs. */
export const status = command(declared.status, showStatus);

/** Records that are enough for the last runs and the way back. */
const records = 200;

/** A stack, or why nothing is known of it. */
type StackStatus =
  StatusReport | { readonly stack: string; readonly well: false; readonly problems: readonly Problem[] };

async function showStatus(call: Call): Promise<Answer> {
  const names = namesOf(call);
  const keys = await openObservingKeys(call, names);
  try {
    const stacks = await Promise.all(names.map((name) => statusOf(call, name, keys)));
    const exitCode = stacks.every(({ well }) => well) ? exitCodes.done : exitCodes.unwell;
    const lines = stacks.flatMap((one, at): Line[] => [...(at > 0 ? [""] : []), ...linesOf(one)]);
    return { exitCode, json: { exitCode, stacks }, show: () => lines.forEach((line) => print(line)) };
  } finally {
    await keys.close();
  }
}

function namesOf({ folder, stacks }: Call): readonly string[] {
  if (stacks.length > 0) return [...new Set(stacks.map(shortStackName))];
  const project = readProjectFiles(folder);
  if (project.stacks.length > 0) return project.stacks;
  const what = "has no stack file, so there is nothing to show";
  throw new UserError({ path: project.root, what, todo: "make one with `slipway new`" });
}

/** What is wrong with one stack, or with its server, hides no other. */
async function statusOf(call: Call, name: string, keys: Keys): Promise<StackStatus> {
  try {
    const stack = await readDeclaredStack(call, name, "observe");
    const observation = await observeDeclared(stack, keys, records);
    return statusReport(stack.stack.name, stack.host, observation);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { stack: name, well: false, problems: error.problems };
  }
}

function linesOf(status: StackStatus): Line[] {
  if (!("problems" in status)) return statusLines(status);
  const [first, ...others] = status.problems.map(describeProblem);
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return [[{ tone: "error", text: `${status.stack}: ${first ?? "not known"}${more}` }]];
}
