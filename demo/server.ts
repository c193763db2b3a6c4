import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { fileOwner } from "../test/hosts/owner.ts";
import { beginRun, cleanRun } from "../test/hosts/run.ts";
import { prepare, startRun, TestServer, type TestServers } from "../test/hosts/servers.ts";
import { demoFolder, serverFile, sshFile } from "./paths.ts";
import { say } from "./say.ts";

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

type Noted = z.infer<typeof schema>;

/** Starts the server and a registry beside it. It is noted before anything runs, so that `demo:down` also removes what an interrupted start left. */
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
  if (server === undefined) throw new Error("the server is not among those that were started");
  await finish(started, server);
  save({ run: run.id, identity, server: server.facts }); // the mark of a start that came to its end
  return server;
}

/** The server of an earlier run; undefined where there is none, or only half of one. */
export async function findServer(): Promise<TestServer | undefined> {
  const noted = read();
  if (noted?.server === undefined) return undefined;
  const server = new TestServer(noted.server, noted.identity);
  return (await server.ssh("true")).code === 0 ? server : undefined;
}

/** Removes the server, its registry and their network; false if there were none. */
export async function removeServer(): Promise<boolean> {
  const noted = read();
  if (noted === undefined) return false;
  await cleanRun(noted.run);
  return true;
}

/** Writes settings for ssh that know the server's address, its pinned key, and the agent with the key that opens it. */
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

function read(): Noted | undefined {
  return existsSync(serverFile) ? schema.parse(JSON.parse(readFileSync(serverFile, "utf8"))) : undefined;
}

function save(noted: Noted): void {
  writeFileSync(serverFile, JSON.stringify(noted, undefined, 2));
}
