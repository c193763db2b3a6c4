import { resolve } from "node:path";
import { requirePlanVariable } from "../../config/plan-variables.ts";
import { takeOption } from "../own-options.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import type { Call, Command } from "./command.ts";
import { isInUse, releaseDeadLocks } from "../state/dead-lock.ts";
import { runInForeground } from "../foreground.ts";
import { openKeys } from "../ssh/keys.ts";
import { note } from "../output.ts";
import { stackWords } from "../pulumi.ts";
import { withRemoval } from "./removal.ts";
import { stateFolder } from "../state/folder.ts";
import { requireWholeState } from "../state/whole.ts";

const shared = [
  "",
  "The key that opens the servers comes from SSH_PRIVATE_KEY (the key, base64 of it, or the path of a file with it), which is loaded into an ssh-agent",
  "of this run; without the variable, from the agent that is there.",
];

const unlocks = [
  "Before it starts, a lock of the stack's state is released if whoever made it is provably dead, and a state that is cut is refused with the copy to restore.",
  "Ctrl-C stops at the next safe point; a second one at once.",
];

export const up = operation("up", "makes the servers as the stack declares", [
  ...unlocks,
  "--plan <file> holds it to a plan that `slipway plan --save` kept: if anything moved since, it changes nothing and names what moved. (Pulumi's own option of",
  "that name is not used: its plans know nothing of the server.)",
]);
export const preview = operation("preview", "says what up would change", []);
export const refresh = operation("refresh", "reads the stack's resources anew", unlocks);
export const destroy = operation("destroy", "takes the stack's resources away; data volumes stay", [
  ...unlocks,
  "A protected stack is removed only after its name was typed on a terminal, or given by --destroy-protected <stack>.",
]);

/** What Pulumi does with a stack, with slipway's preparations before it and everything else passed on to it. */
function operation(name: string, summary: string, details: readonly string[]): Command {
  const locks = name !== "preview";
  return {
    name,
    usage: `[options of pulumi ${name}]`,
    summary,
    details: [...shared, ...details],
    run: (call) => operate(name, name === "up" ? withSavedPlan(call) : call, locks),
  };
}

/** A state that Pulumi keeps elsewhere, in a bucket or a database, is that place's to keep whole and to unlock. */
async function lookAtState(call: Call): Promise<void> {
  const state = await stateFolder(call);
  if (state === undefined) return;
  // Whoever is at work may be writing it just now; pulumi stops at that lock.
  if (!isInUse(call, state)) requireWholeState(state);
  await releaseDeadLocks(call, state);
}

async function operate(name: string, call: Call, locks: boolean): Promise<number> {
  const keys = await openKeys(call.environment);
  try {
    await ensureTools(deployTools, note);
    const environment = toolEnvironment(keys.environment);
    const equipped = { ...call, environment };
    if (locks) await lookAtState(equipped);
    const run = (one: Call): Promise<number> =>
      runInForeground(["pulumi", name, ...stackWords(one), ...one.words], { env: environment, cwd: one.folder });
    return await (name === "destroy" ? withRemoval(equipped, run) : run(equipped));
  } finally {
    await keys.close();
  }
}

/**
 * Takes `--plan <file>` out of the words of `slipway up`, and holds the program to that file. Pulumi has an option of that name for plans of its own, which know nothing of
 * the server; slipway's takes its place.
 */
export function withSavedPlan(call: Call): Call {
  const { words, value } = takeOption(call.words, "--plan", "name a file that `slipway plan --save` made");
  if (value === undefined) return call;
  return { ...call, words, environment: { ...call.environment, [requirePlanVariable]: resolve(value) } };
}
