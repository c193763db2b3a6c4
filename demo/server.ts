import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { fileOwner } from "../test/hosts/owner.ts";
import { beginRun, cleanRun } from "../test/hosts/run.ts";
import { prepare, startRun, TestServer, type TestServers } from "../test/hosts/servers.ts";
import { demoFolder, serverFile, sshFile } from "./paths.ts";
import { say } from "./say.ts";

// The content of `serverFile`. The server is missing until its start is complete.
const schema = z.strictObject({
  run: z.string(),
  identity: z.strictObject({ agentSocket: z.string(), privateKeyFile: z.string() }),
  server: z
    .strictObject({
      container: z.string(),
      name: z.string(),
      address: z.literal("127.0.0.1"),
      port: z.number(),
      networkAddress: z.string(),
      hostKey: z.string(),
    })
    .optional(),
});

type Saved = z.infer<typeof schema>;

/** Starts the server and a registry. The run is saved first, so that `demo:down` can clean up after an interruption. */
export async function startServer(
  finish: (servers: Omit<TestServers, "stop">, server: TestServer) => Promise<void>,
): Promise<TestServer> {
  await prepare({ bare: true, say: (line) => say(`demo:   ${line}`) });
  mkdirSync(demoFolder, { recursive: true, mode: 0o700 });
  const run = beginRun(fileOwner(serverFile));
  const identity = { agentSocket: join(run.folder, "agent"), privateKeyFile: join(run.folder, "key") };
  save({ run: run.id, identity });
  const started = await startRun(run, 1, { sudo: false, bare: true });
  const [server] = started.servers;
  if (server === undefined) throw new Error("no server was started");
  await finish(started, server);
  save({ run: run.id, identity, server: server.facts }); // only a complete start saves the server
  return server;
}

/** The server of an earlier run; undefined if there is none, or its start was interrupted. */
export async function findServer(): Promise<TestServer | undefined> {
  const saved = read();
  if (saved?.server === undefined) return undefined;
  const server = new TestServer(saved.server, saved.identity);
  return (await server.ssh("true")).code === 0 ? server : undefined;
}

/** Removes the server, its registry and their network; false if there was no server. */
export async function removeServer(): Promise<boolean> {
  const saved = read();
  if (saved === undefined) return false;
  await cleanRun(saved.run);
  return true;
}

/** Writes the ssh configuration with the server's address and host key, and the agent with the user's key. */
export function writeSshFile({ address, port, hostKey, identity }: TestServer): void {
  const lines = [
    "Host server",
    `  HostName ${address}`,
    `  Port ${port}`,
    "  User root",
    `  IdentityAgent ${identity.agentSocket}`,
    "  UserKnownHostsFile none",
    "  GlobalKnownHostsFile none",
    "  StrictHostKeyChecking yes",
    `  KnownHostsCommand /bin/echo %H ${hostKey}`,
  ];
  writeFileSync(sshFile, `${lines.join("\n")}\n`);
}

function read(): Saved | undefined {
  return existsSync(serverFile) ? schema.parse(JSON.parse(readFileSync(serverFile, "utf8"))) : undefined;
}

function save(saved: Saved): void {
  writeFileSync(serverFile, JSON.stringify(saved, undefined, 2));
}
