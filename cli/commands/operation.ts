import { resolve } from "node:path";
import { requirePlanVariable } from "../../config/plan-variables.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import { runInForeground } from "../foreground.ts";
import { takeOption } from "../options.ts";
import { log } from "../output.ts";
import { stackWords } from "../pulumi.ts";
import { openKeys } from "../ssh/keys.ts";
import { isStateInUse, releaseDeadLocks } from "../state/dead-lock.ts";
import { stateFolder } from "../state/folder.ts";
import { requireIntactState } from "../state/intact-state.ts";
import type { Call, Command } from "./command.ts";
import { withRemoval } from "./removal.ts";

const keyDetails = [
  "",
  "The key that opens the servers comes from SSH_PRIVATE_KEY (the key, base64 of it, or the path of a file with it),",
  "which slipway loads into an ssh-agent of this run. Without the variable, the environment's own agent is used.",
];

const stateDetails = [
  "First it releases a lock of the stack's state whose holder is provably dead. It refuses a damaged state, and names",
  "the copy to restore.",
  "Ctrl-C stops at the next safe point, a second Ctrl-C at once.",
];

export const up = operation("up", "makes the servers as the stack declares", [
  ...stateDetails,
  "With --plan <file> it carries out the plan that `slipway plan --save` saved: if anything moved since, it changes",
  "nothing and names what moved. (It replaces Pulumi's own option --plan, whose plans know nothing of the server.)",
]);
export const preview = operation("preview", "shows what up would change", []);
export const refresh = operation("refresh", "reads the stack's resources again", stateDetails);
export const destroy = operation("destroy", "removes the stack's resources, but no data volumes", [
  ...stateDetails,
  "A protected stack is removed only after its name was typed on a terminal, or given by --destroy-protected <stack>.",
]);

/** An operation of Pulumi on a stack, with slipway's preparations. All other words are passed on to Pulumi. */
function operation(name: string, summary: string, details: readonly string[]): Command {
  const changesState = name !== "preview";
  return {
    name,
    usage: `[options of pulumi ${name}]`,
    summary,
    details: [...keyDetails, ...details],
    run: (call) => operate(name, name === "up" ? withRequiredPlan(call) : call, changesState),
  };
}

async function operate(name: string, call: Call, changesState: boolean): Promise<number> {
  const run = (one: Call): Promise<number> =>
    runInForeground(["pulumi", name, ...stackWords(one), ...one.words], { env: one.environment, cwd: one.folder });
  const keys = await openKeys(call.environment);
  try {
    await ensureTools(deployTools, log);
    const environment = toolEnvironment(keys.environment);
    const equipped = { ...call, environment };
    if (changesState) await prepareState(equipped);
    return await (name === "destroy" ? withRemoval(equipped, run) : run(equipped));
  } finally {
    await keys.close();
  }
}

/** Checks and unlocks a state in files. A bucket or a database protects and unlocks its states itself. */
async function prepareState(call: Call): Promise<void> {
  const state = await stateFolder(call);
  if (state === undefined) return;
  // Another run may be writing the state right now. Pulumi stops at that run's lock.
  if (!isStateInUse(call, state)) requireIntactState(state);
  await releaseDeadLocks(call, state);
}

/** Takes `--plan <file>` out of the words of `slipway up`, and tells the program that it must carry out this plan. */
export function withRequiredPlan(call: Call): Call {
  const { words, value } = takeOption(call.words, "--plan", "name a file that `slipway plan --save` made");
  if (value === undefined) return call;
  return { ...call, words, environment: { ...call.environment, [requirePlanVariable]: resolve(value) } };
}
