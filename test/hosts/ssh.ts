import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "../../toolchain/must-run.ts";
import type { Run } from "./run.ts";

/** The users of a server for whom the run's key is authorized. */
export type User = "root" | "deploy";

/** The SSH key of a run, as a file and in an agent. */
export interface Identity {
  readonly agentSocket: string;
  readonly privateKeyFile: string;
}

/** Generates a key for the run and starts an agent with it. */
export async function createIdentity(run: Run): Promise<Identity> {
  const privateKeyFile = join(run.folder, "key");
  const agentSocket = join(run.folder, "agent");
  await createKey(privateKeyFile, `slipway-${run.id}`);
  writeFileSync(join(run.folder, "authorized_keys"), readFileSync(`${privateKeyFile}.pub`));
  const words = await mustRun(["ssh-agent", "-s", "-a", agentSocket]);
  writeFileSync(join(run.folder, "agent.pid"), /SSH_AGENT_PID=(\d+)/.exec(words)?.[1] ?? "");
  await mustRun(["ssh-add", "-q", privateKeyFile], { env: { ...process.env, SSH_AUTH_SOCK: agentSocket } });
  return { agentSocket, privateKeyFile };
}

/** Generates a server's host key before the server starts; returns the public key for clients to pin. */
export async function createHostKey(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "host_key");
  await createKey(file, "");
  return readFileSync(`${file}.pub`, "utf8").trim();
}

async function createKey(file: string, comment: string): Promise<void> {
  await mustRun(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file]);
}

interface Login extends Identity {
  readonly address: string;
  readonly port: number;
  readonly hostKey: string;
  readonly user: User;
}

/** The ssh command that trusts only this host key and ignores the user's own configuration. */
export function sshWords(login: Login): readonly string[] {
  const options = {
    BatchMode: "yes",
    ConnectTimeout: "10",
    ServerAliveInterval: "5",
    ServerAliveCountMax: "3",
    StrictHostKeyChecking: "yes",
    UserKnownHostsFile: "none",
    GlobalKnownHostsFile: "none",
    KnownHostsCommand: `/bin/echo %H ${login.hostKey}`,
    IdentityAgent: login.agentSocket,
    LogLevel: "ERROR",
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  return ["ssh", "-F", "none", ...flags, "-p", String(login.port), `${login.user}@${login.address}`];
}
