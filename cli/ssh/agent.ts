import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../model/problem.ts";
import { runChild } from "../../process/child.ts";
import { childEnvironment } from "../../process/environment.ts";
import { keyVariable, readPrivateKey, type KeyVariable } from "./private-key.ts";

/** An ssh-agent of this run that holds one key. */
interface Agent {
  readonly socket: string;
  /** Ends the agent and waits for its end. */
  readonly close: () => Promise<void>;
}

/**
 * The program that runs under the agent. It waits until our end of its stdin closes, which the kernel does however we
 * end; then it ends the agent and removes its folder. If it is killed itself, the agent notices within seconds that the
 * program it was started for is gone.
 */
const guard = `echo ready; cat >/dev/null; kill "$SSH_AGENT_PID"; rm -rf "$1"`;

/**
 * Starts an agent and passes it the key of a variable by a pipe: no argument, file or environment of a child holds the
 * key.
 */
export async function startAgent(value: string, variable: KeyVariable = keyVariable): Promise<Agent> {
  const key = readPrivateKey(value, variable);
  const folder = mkdtempSync(join(tmpdir(), "slipway-agent-"));
  const socket = join(folder, "agent");
  // A process group of its own keeps a Ctrl-C away, since `pulumi` still needs the key while it stops. The guard also
  // outlives a SIGKILL of ours, and cleans up.
  const words = ["-a", socket, "sh", "-c", guard, "guard", folder];
  const env = childEnvironment(process.env);
  const child = spawn("ssh-agent", words, { env, stdio: ["pipe", "pipe", "inherit"], detached: true });
  const close = async (): Promise<void> => {
    const ended = once(child, "close");
    child.stdin.end();
    if (child.exitCode === null && child.signalCode === null) await ended;
  };
  try {
    await Promise.race([once(child.stdout, "data"), once(child, "close").then(() => refuseStart())]);
    await addKey(key, socket, variable);
    return { socket, close };
  } catch (error) {
    if (child.pid !== undefined) await close();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function refuseStart(): never {
  throw new UserError({ path: "ssh-agent", what: "did not start", todo: "see what it says above" });
}

async function addKey(key: string, socket: string, variable: KeyVariable): Promise<void> {
  const env = { ...childEnvironment(process.env), SSH_AUTH_SOCK: socket, SSH_ASKPASS_REQUIRE: "never" };
  const { code, stderr } = await runChild(["ssh-add", "-q", "-"], { env, stdin: key });
  if (code === 0) return;
  throw new UserError({ path: variable, what: `ssh-add refuses it: ${stderr.trim()}`, todo: "give another key" });
}
