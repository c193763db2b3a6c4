import { resolve } from "node:path";
import { requirePlanVariable } from "../../config/plan-variables.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import { clientOf, EarlyHost } from "../early-host.ts";
import { runInForeground } from "../foreground.ts";
import { takeOption } from "../options.ts";
import { log } from "../output.ts";
import { stackName, stackWords } from "../pulumi.ts";
import { openKeys } from "../ssh/keys.ts";
import { forgetJob, isStateInUse, releaseDeadLocks } from "../state/dead-lock.ts";
import { removeCutAttributes } from "../state/attributes.ts";
import { stateFolder, statePlace, type StateFolder } from "../state/folder.ts";
import { noteJob } from "../state/job-note.ts";
import { requireIntactState } from "../state/intact-state.ts";
import type { Call, Command } from "./command.ts";

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
  "With --yes nobody is asked, so the stack's plan is printed once, and Pulumi's own preview before it is skipped.",
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
    run: (call) => operate(name, name === "up" ? withoutSecondPreview(withRequiredPlan(call)) : call, changesState),
  };
}

async function operate(name: string, call: Call, changesState: boolean): Promise<number> {
  const keys = await openKeys(call.environment);
  try {
    await ensureTools(deployTools, log);
    const equipped = { ...call, environment: toolEnvironment(keys.environment) };
    await using host = runsProgram(name) ? await EarlyHost.start(equipped) : undefined;
    const state = changesState ? await prepareState(equipped) : undefined;
    const run = (one: Call): Promise<number> => runPulumi(name, one, { state, host });
    if (name !== "destroy") return await run(equipped);
    const { withRemoval } = await import("./removal.ts");
    return await withRemoval(equipped, run);
  } finally {
    await keys.close();
  }
}

function runsProgram(operation: string): boolean {
  return operation === "up" || operation === "preview";
}

/** What is ready for an operation of Pulumi: the folder of its state, and the host of its program. */
interface Prepared {
  readonly state: StateFolder | undefined;
  readonly host: EarlyHost | undefined;
}

/** Runs an operation of Pulumi; its job is noted beside the state for as long as it may hold the state's lock. */
async function runPulumi(name: string, call: Call, { state, host }: Prepared): Promise<number> {
  const { environment, folder: cwd } = call;
  const client = clientOf(host, environment);
  let started: number | undefined;
  const onStart = (pid: number): void => {
    started = pid;
    if (state !== undefined) noteJob(state, pid, environment);
  };
  const words = [name, ...stackWords(call), ...client.words, ...call.words];
  const code = await runInForeground("pulumi", words, { env: client.environment, cwd, onStart });
  if (state !== undefined && started !== undefined) forgetJob(state, started);
  return code;
}

/**
 * Checks and unlocks a state in files, and returns its folder. A bucket or a database protects and unlocks its states
 * itself.
 */
async function prepareState(call: Call): Promise<StateFolder | undefined> {
  const place = await statePlace(call);
  if (place === undefined) return undefined;
  removeCutAttributes(call, place); // Pulumi would not even tell which stack is selected
  const state = stateFolder(place, await stackName(call));
  // Another run may be writing the state right now. Pulumi stops at that run's lock.
  if (!isStateInUse(call, state)) requireIntactState(state);
  await releaseDeadLocks(call, state);
  return state;
}

/** Takes `--plan <file>` out of the words of `slipway up`, and tells the program that it must carry out this plan. */
export function withRequiredPlan(call: Call): Call {
  const { words, value } = takeOption(call.words, "--plan", "name a file that `slipway plan --save` made");
  if (value === undefined) return call;
  return { ...call, words, environment: { ...call.environment, [requirePlanVariable]: resolve(value) } };
}

/** Options of Pulumi that need its own preview, or that already decide about it. */
const previewOptions = ["--skip-preview", "-f", "--strict", "--expect-no-changes", "--refresh", "-r"];

/**
 * Skips Pulumi's preview where its question is answered in advance. The program prints its own plan before it changes
 * anything, and refuses on the same problems; Pulumi's preview would observe every server twice.
 */
export function withoutSecondPreview(call: Call): Call {
  const { words } = call;
  const given = (name: string): boolean => words.some((word) => word === name || word.startsWith(`${name}=`));
  const answered = words.includes("--yes") || words.includes("-y") || words.includes("--yes=true");
  if (!answered || previewOptions.some(given)) return call;
  return { ...call, words: [...words, "--skip-preview"] };
}
