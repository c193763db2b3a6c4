import { UserError } from "../../model/problem.ts";
import { runChild } from "../../process/child.ts";
import { childEnvironment } from "../../process/environment.ts";
import { executableOnPath } from "../../process/executable.ts";
import { absentHint } from "../../secrets/source/ci-variables.ts";
import { startAgent } from "./agent.ts";
import { keyVariable } from "./private-key.ts";

/** The keys that open the servers. */
interface Keys {
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
  const { [keyVariable]: value, ...others } = environment;
  if (value === undefined) return await ownAgent(environment);
  const { socket, close } = await startAgent(value);
  return { environment: { ...others, SSH_AUTH_SOCK: socket }, close };
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
