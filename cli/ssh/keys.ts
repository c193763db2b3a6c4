import { UserError } from "../../model/problem.ts";
import { runChild } from "../../process/child.ts";
import { childEnvironment, withoutServerKeys } from "../../process/environment.ts";
import { executableOnPath } from "../../process/executable.ts";
import { absentHint } from "../../secrets/source/ci-variables.ts";
import { startAgent } from "./agent.ts";
import { keyVariable, observeKeyVariable, readPrivateKey } from "./private-key.ts";
import { publicHalf } from "./public-half.ts";

/** The keys that open the servers. */
export interface Keys {
  /** The environment for processes that connect to servers. */
  readonly environment: NodeJS.ProcessEnv;
  /** Ends the agent of this run, if there is one. */
  readonly close: () => Promise<void>;
}

/**
 * Makes sure, before the first connection, that there is a key: the variable's, in an agent of this run, or one in the
 * environment's own agent.
 */
export async function openKeys(environment: NodeJS.ProcessEnv): Promise<Keys> {
  requirePrograms(environment);
  requireTwoKeys(environment);
  const { [keyVariable]: value } = environment;
  const others = withoutServerKeys(environment);
  if (value === undefined) return await ownAgent(others);
  const { socket, close } = await startAgent(value);
  return { environment: { ...others, SSH_AUTH_SOCK: socket }, close };
}

/** The variable's key that only observes, in an agent of this run; undefined if the variable is not set. */
export async function openObserveKey(environment: NodeJS.ProcessEnv): Promise<Keys | undefined> {
  const { [observeKeyVariable]: value } = environment;
  if (value === undefined) return undefined;
  requirePrograms(environment);
  requireTwoKeys(environment);
  const { socket, close } = await startAgent(value, observeKeyVariable);
  return { environment: { ...withoutServerKeys(environment), SSH_AUTH_SOCK: socket }, close };
}

/** Requires that the key that only observes does not open the servers, since a merge request may hold it (SEC-A6). */
function requireTwoKeys({ [keyVariable]: opens, [observeKeyVariable]: observes }: NodeJS.ProcessEnv): void {
  if (opens === undefined || observes === undefined) return;
  const halves = [readPrivateKey(opens), readPrivateKey(observes, observeKeyVariable)].map(publicHalf);
  if (halves[0] !== halves[1]) return;
  const what = `is the same key as ${keyVariable}, which opens the servers`;
  const todo = "make another one, and authorise it with `slipway host prepare --observe-key`";
  throw new UserError({ path: observeKeyVariable, what, todo });
}

function requirePrograms(environment: NodeJS.ProcessEnv): void {
  const missing = ["ssh", "ssh-add", "ssh-agent"].filter(
    (name) => executableOnPath(name, environment["PATH"]) === undefined,
  );
  if (missing.length === 0) return;
  const what = `there is no such program on this machine, got PATH '${environment["PATH"] ?? ""}'`;
  const todo = "install OpenSSH's client (openssh-client on Debian)";
  throw new UserError(missing.map((path) => ({ path, what, todo })));
}

/** The agent that the environment names; it must hold a key. */
async function ownAgent(environment: NodeJS.ProcessEnv): Promise<Keys> {
  const close = (): Promise<void> => Promise.resolve();
  const load = `put the key that opens the servers into ${keyVariable}, or load it: \`ssh-add <file>\``;
  const todo = (environment["CI"] ?? "") === "" ? load : `${load}; ${absentHint(environment)}`;
  const { SSH_AUTH_SOCK: socket = "" } = environment;
  if (socket === "") throw new UserError({ path: keyVariable, what: "is not set, and there is no ssh-agent", todo });
  const { code } = await runChild(["ssh-add", "-l"], { env: childEnvironment(environment) });
  if (code === 0) return { environment, close };
  const what = code === 1 ? "holds no key" : `cannot be reached, got '${socket}'`;
  throw new UserError({ path: "ssh-agent (SSH_AUTH_SOCK)", what, todo });
}
