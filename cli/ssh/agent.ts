import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChild } from "../../process/child.ts";
import { keyVariable, readPrivateKey } from "./private-key.ts";
import { UserError } from "../../model/problem.ts";

/** An ssh-agent of this run, with the one key that the run needs. */
interface Agent {
  readonly socket: string;
  /** Ends it and waits until it is gone. */
  readonly close: () => Promise<void>;
}

/**
 * What runs beside the agent. It waits for our end of a pipe to close, which the kernel does however we end, then ends the agent and removes its folder. Should
 * it be killed itself, the agent notices within seconds that what it was started for is gone.
 */
const guard = `echo ready; cat >/dev/null; kill "$SSH_AGENT_PID"; rm -rf "$1"`;

/** Starts an agent and hands it the key by a pipe: the key is in no argument, no file, and in no environment of what we start. */
export async function startAgent(value: string): Promise<Agent> {
  const key = readPrivateKey(value);
  const folder = mkdtempSync(join(tmpdir(), "slipway-agent-"));
  const socket = join(folder, "agent");
  // A group of its own: Ctrl-C does not reach it, since `pulumi` still needs the key while it stops, and it outlives a SIGKILL of ours and cleans up.
  const words = ["-a", socket, "sh", "-c", guard, "guard", folder];
  const child = spawn("ssh-agent", words, { stdio: ["pipe", "pipe", "inherit"], detached: true });
  const close = async (): Promise<void> => {
    const ended = once(child, "close");
    child.stdin.end();
    if (child.exitCode === null && child.signalCode === null) await ended;
  };
  try {
    await Promise.race([once(child.stdout, "data"), once(child, "close").then(() => refuseStart())]);
    await load(key, socket);
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

async function load(key: string, socket: string): Promise<void> {
  const env = { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS_REQUIRE: "never" };
  const { code, stderr } = await runChild(["ssh-add", "-q", "-"], { env, stdin: key });
  if (code === 0) return;
  throw new UserError({ path: keyVariable, what: `ssh-add refuses it: ${stderr.trim()}`, todo: "give another key" });
}
