import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { localDirectory } from "../../toolchain/paths.ts";
import { UserError } from "../../model/problem.ts";
import { fileOwner } from "./owner.ts";
import { beginRun, cleanRun } from "./run.ts";
import { prepare, startRun, TestServer, type ServerOptions, type TestServers } from "./servers.ts";

const stateFile = join(localDirectory, "hosts", "state.json");

const schema = z.strictObject({
  run: z.string(),
  identity: z.strictObject({ agentSocket: z.string(), privateKeyFile: z.string() }),
  registry: z.strictObject({ address: z.string(), pushAddress: z.string(), certificateFile: z.string() }).optional(),
  servers: z.array(
    z.strictObject({
      container: z.string(),
      name: z.string(),
      address: z.literal("127.0.0.1"),
      port: z.number(),
      networkAddress: z.string(),
      hostKey: z.string(),
    }),
  ),
});

/** The state file of the servers that were started by hand in this checkout. */
export type State = z.infer<typeof schema>;

/** Starts servers that run until `down`. Their owner is the state file, so they are also removed with the checkout. */
export async function up(count: number, options: ServerOptions): Promise<Omit<TestServers, "stop">> {
  if (existsSync(stateFile)) throw failed("servers are up already", "run npm run hosts -- down first");
  await prepare(options);
  mkdirSync(dirname(stateFile), { recursive: true });
  const run = beginRun(fileOwner(stateFile));
  const state: State = {
    run: run.id,
    identity: { agentSocket: join(run.folder, "agent"), privateKeyFile: join(run.folder, "key") },
    servers: [],
  };
  try {
    // Saved before anything runs, so that `down` can clean up after an interrupted `up`.
    save(state);
    const started = await startRun(run, count, options);
    const { address, pushAddress, certificateFile } = started.registry;
    const registry = { address, pushAddress, certificateFile };
    save({ ...state, registry, servers: started.servers.map(({ facts }) => facts) });
    return started;
  } catch (error) {
    await down();
    throw error;
  }
}

/** Removes the servers of this checkout; false if there were none. */
export async function down(): Promise<boolean> {
  if (!existsSync(stateFile)) return false;
  await cleanRun(readState().run);
  rmSync(stateFile);
  return true;
}

/** The state of the servers that run in this checkout. */
export function readState(): State {
  if (!existsSync(stateFile)) throw failed("no servers are up", "run npm run hosts -- up 1");
  return schema.parse(JSON.parse(readFileSync(stateFile, "utf8")));
}

/** The server of this checkout with a number, counted from 1. */
export function serverOf(state: State, number: number): TestServer {
  const facts = state.servers[number - 1];
  if (facts === undefined) throw failed(`no such server, got ${number}`, `use 1 to ${state.servers.length}`);
  return new TestServer(facts, state.identity);
}

function save(state: State): void {
  writeFileSync(stateFile, JSON.stringify(state, undefined, 2));
}

function failed(what: string, todo: string): UserError {
  return new UserError({ path: "hosts", what, todo });
}
