import { resolve } from "node:path";
import { requirePlanVariable } from "../../config/plan-variables.ts";
import { readProjectFiles } from "../../config/stack-files.ts";
import { readTextFile } from "../../config/whole-file.ts";
import { UserError } from "../../model/problem.ts";
import { terminalVariable } from "../../remote/waits.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import { wantsColour } from "../colour.ts";
import { clientOf, EarlyHost } from "../early-host.ts";
import { runInForeground } from "../foreground.ts";
import { log } from "../output.ts";
import { stackName, stackWords } from "../pulumi.ts";
import { openStackKeys } from "../ssh/stack-keys.ts";
import { forgetJob, isStateInUse, releaseDeadLocks } from "../state/dead-lock.ts";
import { removeCutAttributes } from "../state/attributes.ts";
import { stateFolder, statePlace, type StateFolder } from "../state/folder.ts";
import { noteJob } from "../state/job-note.ts";
import { requireIntactState } from "../state/intact-state.ts";
import * as declared from "../declaration/operations.ts";
import { command, type Call, type CallOf } from "./command.ts";

export const up = command(declared.up, async (call) => {
  ensurePlanIsThere(call.options.plan);
  return await operate("up", withoutSecondPreview(withRequiredPlan(call)));
});
export const preview = command(declared.preview, async (call) => await operate("preview", call));
export const refresh = command(declared.refresh, async (call) => await operate("refresh", call));
export const destroy = command(declared.destroy, async (call) => {
  const { withRemoval } = await import("./removal.ts");
  return await operate("destroy", call, (equipped, run) => withRemoval({ ...call, ...equipped }, run));
});

type Operation = "up" | "preview" | "refresh" | "destroy";
type Run = (call: Call) => Promise<number>;

/** Runs an operation of Pulumi on a stack, with slipway's preparations. All other words are passed on to Pulumi. */
async function operate(
  name: Operation,
  call: Call,
  around?: (call: Call, run: Run) => Promise<number>,
): Promise<number> {
  readProjectFiles(call.folder); // before keys are asked for in a folder without a project
  const keys = await openStackKeys(call);
  try {
    await ensureTools(deployTools, log);
    const equipped = { ...call, words: inColour(call), environment: environmentOf(keys.environment) };
    await using host = runsProgram(name) ? await EarlyHost.start(equipped) : undefined;
    const state = name === "preview" ? undefined : await prepareState(equipped);
    const run: Run = (one) => runPulumi(name, one, { state, host });
    return around === undefined ? await run(equipped) : await around(equipped, run);
  } finally {
    await keys.close();
  }
}

function environmentOf(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...toolEnvironment(environment), ...(process.stdout.isTTY && { [terminalVariable]: "1" }) };
}

/** Pulumi decides about colours in its own way; unless its option says otherwise, it gets slipway's decision. */
export function inColour({ words, environment }: Call): readonly string[] {
  if (words.some((word) => word === "--color" || word.startsWith("--color="))) return words;
  return ["--color", wantsColour(environment, process.stdout) ? "always" : "never", ...words];
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

/** Requires the saved plan before anything is started for it. */
function ensurePlanIsThere(plan: string | undefined): void {
  if (plan === undefined || readTextFile(resolve(plan), "--plan") !== undefined) return;
  const what = `names no file, got '${plan}'`;
  throw new UserError({ path: "--plan", what, todo: "name one that `slipway plan --save` made" });
}

/** Tells the program of an `up` that it must carry out a saved plan. */
export function withRequiredPlan({ options: { plan }, ...call }: CallOf<typeof declared.up>): Call {
  if (plan === undefined) return call;
  return { ...call, environment: { ...call.environment, [requirePlanVariable]: resolve(plan) } };
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
