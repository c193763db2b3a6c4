import { writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectionOf } from "../../../model/connection.ts";
import { connect } from "../../../remote/connect.ts";
import type { HostClient } from "../../../remote/host-client.ts";
import { SlipwayProcess } from "../../cli/slipway-process.ts";
import { WaitingStack } from "../../cli/state/waiting-stack.ts";
import { eventually } from "../../hosts/condition.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";

const folder = openRunFolder();
let hosts: TestServers;
let server: TestServer;
let stack: WaitingStack;

beforeAll(async () => {
  hosts = await startServers(1);
  const [first] = hosts.servers;
  if (first === undefined) throw new Error("there is no server");
  server = first;
  stack = await WaitingStack.create(folder);
  const host = { address: server.networkAddress, port: 22, user: "root", hostKey: server.hostKey };
  for (const [name, value] of Object.entries(host)) {
    await stack.workspace.pulumi(["config", "set", "--path", `host.${name}`, String(value)]);
  }
  stack.letGo();
  await up().finished; // makes the folder of the locks
});

afterAll(async () => {
  await hosts.stop();
  closeRunFolder(folder);
});

function up(): SlipwayProcess {
  return stack.up({ SSH_AUTH_SOCK: hosts.agentSocket });
}

/** Leaves a lock, as a killed `pulumi` does. */
function leaveLock(): void {
  const lock = { pid: 2 ** 22 + 1, username: "me", hostname: hostname(), timestamp: new Date().toISOString() };
  writeFileSync(stack.path("state/.pulumi/locks/organization/trial/test/left.json"), JSON.stringify(lock));
}

/** Opens a session of a stack on the server, as a run of it does. */
async function session(name: string): Promise<HostClient> {
  const client = await connect({
    connection: connectionOf({ address: server.networkAddress, port: 22, user: "root", hostKey: server.hostKey }),
    stack: name,
    environment: { ...process.env, SSH_AUTH_SOCK: hosts.agentSocket },
    say: () => undefined,
  });
  await client.lease({ seconds: 10, run: "run-1", holder: `${name}, somebody`, job: "" });
  return client;
}

test("a dead state lock is released only after its run's session has ended on the server (F85)", async () => {
  const open = await session("trial/test");
  leaveLock();
  const next = up();
  await eventually("it waits", 60, () => Promise.resolve(next.output.includes("waits up to") ? true : undefined));
  expect(next.output).toContain(
    `a session is open on ${server.networkAddress}: trial/test, somebody; waits up to 60 s for it to end`,
  );
  expect(stack.locks()).toHaveLength(1);
  await open.close();
  const { exitCode, stderr } = await next.finished;
  expect(stderr).toMatch(/released: that process is gone$/m);
  expect(exitCode).toBe(0);
});

test("a dead state lock is released although another stack has a session on the server", async () => {
  const open = await session("trial/testing");
  leaveLock();
  const { exitCode, stderr } = await up().finished;
  expect(stderr).toMatch(/released: that process is gone$/m);
  expect(stderr).not.toContain("waits");
  expect(exitCode).toBe(0);
  await open.close();
});

test("a dead state lock is left alone if the server does not answer", async () => {
  await server.stopSshd();
  leaveLock();
  const { exitCode, stderr } = await up().finished;
  expect(stderr).toContain(`left alone: ${server.networkAddress} cannot be asked for an open session: `);
  expect(exitCode).not.toBe(0);
  expect(stack.locks()).toHaveLength(1);
}, 300_000);
