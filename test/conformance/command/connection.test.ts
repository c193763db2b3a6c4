import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TcpProxy } from "../tcp-proxy.ts";
import { isOffline } from "../plugins.ts";
import type { CommandSpecs, Connection } from "../programs/command/spec.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { sharedServer } from "../shared-server.ts";
import type { State } from "../../pulumi/state.ts";
import { Workspace } from "../workspace.ts";

const server = sharedServer();
const offline = isOffline("pulumi-resource-command");

/** Keys that the server does not have. */
const otherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
const otherType =
  "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBB5jAj/WlW0PFFQKNuVrX1PVuWlS2lccmZK+A4IC" +
  "CEkmgYF+PpmihZ13YaMnTRhPE9H5myFA0nW4Vr4DfAVhLE8nochaG/YmvdsmxZF8EfI/lNT7BA+XcalAasb33b+SQA==";

/** The number of connections that each proxy refuses. */
const refusals = {
  "wrong-key": 0,
  "unreadable-key": 0,
  "limit-0": Infinity,
  "limit-2": Infinity,
  "limit-default": Infinity,
  late: 2,
};
type ProxyName = keyof typeof refusals;

/** The server's second host key. */
let secondKey: string;
let proxies: ReadonlyMap<string, TcpProxy>;
let deadPort: number;
let workspace: Workspace;
let up: PulumiResult;
let state: State;

beforeAll(async () => {
  const opening = Object.entries(refusals).map(
    async ([name, refusals]) => [name, await TcpProxy.open(server.port, { refusals })] as const,
  );
  proxies = new Map(await Promise.all(opening));
  const dead = await TcpProxy.open(server.port);
  deadPort = dead.port;
  await dead.close();
  secondKey = (await server.ssh("cat /etc/ssh/ssh_host_ecdsa_key.pub")).stdout.trim();
  workspace = new Workspace("command/commands");
  // Without SSH_AUTH_SOCK, the only agent is that of the connection.
  up = await workspace.run("up", { given: specs(), words: ["--continue-on-error", "--parallel", "50"] });
  state = workspace.state();
});

afterAll(async () => {
  for (const proxy of proxies.values()) await proxy.close();
  workspace.remove();
});

function proxy(name: ProxyName): TcpProxy {
  const found = proxies.get(name);
  if (found === undefined) throw new Error(`there is no proxy "${name}"`);
  return found;
}

function specs(): CommandSpecs {
  const keyless = { host: server.address, port: server.port, dialErrorLimit: 1 };
  const usual = { ...keyless, agentSocketPath: server.identity.agentSocket };
  const through = (name: ProxyName, dialErrorLimit = 1) => ({ ...usual, port: proxy(name).port, dialErrorLimit });
  const connections: Record<string, Connection> = {
    "right-key": { ...usual, hostKey: server.hostKey },
    "right-key-with-comment": { ...usual, hostKey: `${server.hostKey} its comment` },
    "second-key": { ...usual, hostKey: secondKey },
    "no-key": usual,
    "wrong-key": { ...through("wrong-key"), hostKey: otherKey },
    "other-type": { ...usual, hostKey: otherType },
    "unreadable-key": { ...through("unreadable-key"), hostKey: "ssh-ed25519 nonsense" },
    "dead-port": { ...usual, port: deadPort, dialErrorLimit: 2 },
    "limit-0": through("limit-0", 0),
    "limit-2": through("limit-2", 2),
    "limit-default": {
      host: server.address,
      port: proxy("limit-default").port,
      agentSocketPath: usual.agentSocketPath,
    },
    late: through("late", 10),
    "no-agent": keyless,
    "dead-agent": { ...usual, agentSocketPath: "/nonexistent/agent" },
    "other-user": { ...usual, user: "nobody" },
  };
  const inputs = { create: "echo connected", delete: "echo bye" };
  return Object.fromEntries(Object.entries(connections).map(([name, connection]) => [name, { connection, inputs }]));
}

const error = (name: string, run = up) => run.events.said(name, "error").trimEnd();

function expectConnected(name: string): void {
  expect(error(name)).toBe("");
  expect(state.output(name, "stdout")).toBe("connected");
}

describe("the host key check", () => {
  test("accepts the server's key, with or without a comment", () => {
    expectConnected("right-key");
    expectConnected("right-key-with-comment");
  });

  test("accepts each of the server's keys, since the pinned key determines the algorithm", () => {
    expectConnected("second-key");
  });

  test("accepts any server if no key is given", () => {
    expectConnected("no-key");
  });

  test("rejects another key, after as many retries as the limit allows (F5)", () => {
    expect(error("wrong-key")).toBe("after 1 failed attempts: ssh: handshake failed: ssh: host key mismatch");
    expect(proxy("wrong-key").connections).toBe(2);
  });

  test("rejects a server without a key of that type", () => {
    expect(error("other-type")).toMatch(
      new RegExp(
        "^after 1 failed attempts: ssh: handshake failed: ssh: no common algorithm for host key; " +
          "we offered: \\[ecdsa-sha2-nistp384\\], peer offered: \\[.*ssh-ed25519.*\\]$",
      ),
    );
  });

  test("rejects an unreadable key without connecting", () => {
    expect(error("unreadable-key")).toMatch(/^failed to parse host key: /);
    expect(proxy("unreadable-key").connections).toBe(0);
  });
});

describe("the dial error limit", () => {
  test("rejects a port without a listener, with the system's message (F4)", () => {
    expect(error("dead-port")).toBe(
      `after 2 failed attempts: dial tcp 127.0.0.1:${deadPort}: connect: connection refused`,
    );
  });

  test("counts retries, so the number of attempts is one higher", () => {
    expect(error("limit-2")).toMatch(/^after 2 failed attempts: ssh: handshake failed: /);
    expect(proxy("limit-2").connections).toBe(3);
  });

  test("allows a single attempt if it is 0", () => {
    expect(error("limit-0")).toMatch(/^after 0 failed attempts: ssh: handshake failed: /);
    expect(proxy("limit-0").connections).toBe(1);
  });

  test("is 10 by default", () => {
    expect(error("limit-default")).toMatch(/^after 10 failed attempts: /);
    expect(proxy("limit-default").connections).toBe(11);
  });

  test("applies to rejected keys too, as to every failure of the handshake", () => {
    expect(up.events.said("other-user", "info")).toBe("Dial 1/1 failed: retrying\n");
  });

  test("allows a command whose server accepts a later attempt", () => {
    expectConnected("late");
    expect(proxy("late").connections).toBe(3);
  });

  test("shows each failed attempt", () => {
    expect(up.events.said("limit-2", "info")).toBe("Dial 1/2 failed: retrying\nDial 2/2 failed: retrying\n");
  });
});

describe("the login", () => {
  test("uses the agent of the connection", () => {
    expectConnected("right-key");
  });

  test("rejects a connection without an agent", () => {
    expect(error("no-agent")).toBe(
      "after 1 failed attempts: ssh: handshake failed: ssh: unable to authenticate, " +
        "attempted methods [none], no supported methods remain",
    );
  });

  test("rejects a missing agent without a retry", () => {
    expect(error("dead-agent")).toBe("dial unix /nonexistent/agent: connect: no such file or directory");
  });

  test("rejects a user without the agent's key", () => {
    expect(error("other-user")).toBe(
      "after 1 failed attempts: ssh: handshake failed: ssh: unable to authenticate, " +
        "attempted methods [none publickey], no supported methods remain",
    );
  });

  test("accepts `privateKey` with the official plugin; the offline plugin rejects it by name", async () => {
    const { privateKeyFile } = server.identity;
    const connection = { host: server.address, port: server.port, privateKey: readFileSync(privateKeyFile, "utf8") };
    const given = { "private-key": { connection, inputs: { create: "echo connected" } } };
    const run = await workspace.run("up", { given, words: ["--target", "**::private-key"] });
    expect(run.exitCode).toBe(offline ? 1 : 0);
    if (offline) expect(error("private-key", run)).toContain("privateKey");
    expect(run.events.textWithoutDebug).not.toContain("PRIVATE KEY");
  });
});

test("a command that cannot connect leaves no resource in the state", () => {
  for (const name of ["wrong-key", "dead-port", "no-agent", "other-user"]) expect(state.has(name)).toBe(false);
});
