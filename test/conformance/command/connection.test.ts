import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Door } from "../tcp-proxy.ts";
import { isOffline } from "../plugins.ts";
import type { CommandSpecs, Connection } from "../programs/command/spec.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { sharedServer } from "../shared-server.ts";
import type { State } from "../../pulumi/state.ts";
import { Workspace } from "../workspace.ts";

const server = sharedServer();
const offline = isOffline("pulumi-resource-command");

/** Keys that no server has. */
const otherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
const otherType =
  "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBB5jAj/WlW0PFFQKNuVrX1PVuWlS2lccmZK+A4ICCEkmgYF+PpmihZ13YaMnTRhPE9H5myFA0nW4Vr4DfAVhLE8nochaG/YmvdsmxZF8EfI/lNT7BA+XcalAasb33b+SQA==";

/** How many visitors each door turns away. */
const turnedAway = {
  "wrong-key": 0,
  "unreadable-key": 0,
  "limit-0": Infinity,
  "limit-2": Infinity,
  "limit-default": Infinity,
  late: 2,
};
type DoorName = keyof typeof turnedAway;

/** The server's second host key. */
let secondKey: string;
let doors: ReadonlyMap<string, Door>;
let deadPort: number;
let workspace: Workspace;
let up: PulumiResult;
let state: State;

beforeAll(async () => {
  const opening = Object.entries(turnedAway).map(
    async ([name, turnAway]) => [name, await Door.open(server.port, { turnAway })] as const,
  );
  doors = new Map(await Promise.all(opening));
  const dead = await Door.open(server.port);
  deadPort = dead.port;
  await dead.close();
  secondKey = (await server.ssh("cat /etc/ssh/ssh_host_ecdsa_key.pub")).stdout.trim();
  workspace = new Workspace("command/commands");
  // There is no SSH_AUTH_SOCK: each connection names the agent, or has none.
  up = await workspace.run("up", { given: specs(), words: ["--continue-on-error", "--parallel", "50"] });
  state = workspace.state();
});

afterAll(async () => {
  for (const door of doors.values()) await door.close();
  workspace.remove();
});

function door(name: DoorName): Door {
  const found = doors.get(name);
  if (found === undefined) throw new Error(`there is no door "${name}"`);
  return found;
}

function specs(): CommandSpecs {
  const keyless = { host: server.address, port: server.port, dialErrorLimit: 1 };
  const usual = { ...keyless, agentSocketPath: server.identity.agentSocket };
  const through = (name: DoorName, dialErrorLimit = 1) => ({ ...usual, port: door(name).port, dialErrorLimit });
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
    "limit-default": { host: server.address, port: door("limit-default").port, agentSocketPath: usual.agentSocketPath },
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

describe("a host key", () => {
  test("that the server has is accepted, with or without a comment", () => {
    expectConnected("right-key");
    expectConnected("right-key-with-comment");
  });

  test("chooses the type: a server with several shows the pinned one", () => {
    expectConnected("second-key");
  });

  test("that is not given is not checked: any server is trusted", () => {
    expectConnected("no-key");
  });

  test("rejects a server with another one, after as many tries as the limit allows (F5)", () => {
    expect(error("wrong-key")).toBe("after 1 failed attempts: ssh: handshake failed: ssh: host key mismatch");
    expect(door("wrong-key").connections).toBe(2);
  });

  test("rejects a server that has none of its type", () => {
    expect(error("other-type")).toMatch(
      /^after 1 failed attempts: ssh: handshake failed: ssh: no common algorithm for host key; we offered: \[ecdsa-sha2-nistp384\], peer offered: \[.*ssh-ed25519.*\]$/,
    );
  });

  test("rejects what is no key without a connection", () => {
    expect(error("unreadable-key")).toMatch(/^failed to parse host key: /);
    expect(door("unreadable-key").connections).toBe(0);
  });
});

describe("the dial error limit", () => {
  test("rejects a dead port with the system's words (F4)", () => {
    expect(error("dead-port")).toBe(
      `after 2 failed attempts: dial tcp 127.0.0.1:${deadPort}: connect: connection refused`,
    );
  });

  test("counts failures: there is one try more than it says", () => {
    expect(error("limit-2")).toMatch(/^after 2 failed attempts: ssh: handshake failed: /);
    expect(door("limit-2").connections).toBe(3);
  });

  test("of 0 leaves one try", () => {
    expect(error("limit-0")).toMatch(/^after 0 failed attempts: ssh: handshake failed: /);
    expect(door("limit-0").connections).toBe(1);
  });

  test("is 10 when none is given", () => {
    expect(error("limit-default")).toMatch(/^after 10 failed attempts: /);
    expect(door("limit-default").connections).toBe(11);
  });

  test("holds for a refused key too, as for every failure of the handshake", () => {
    expect(up.events.said("other-user", "info")).toBe("Dial 1/1 failed: retrying\n");
  });

  test("lets a command through whose server answers in time", () => {
    expectConnected("late");
    expect(door("late").connections).toBe(3);
  });

  test("shows each failure as it happens", () => {
    expect(up.events.said("limit-2", "info")).toBe("Dial 1/2 failed: retrying\nDial 2/2 failed: retrying\n");
  });
});

describe("the key", () => {
  test("is taken from the agent whose socket the connection names", () => {
    expectConnected("right-key");
  });

  test("rejects a connection without an agent", () => {
    expect(error("no-agent")).toBe(
      "after 1 failed attempts: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none], no supported methods remain",
    );
  });

  test("rejects an agent that is not there, without a second try", () => {
    expect(error("dead-agent")).toBe("dial unix /nonexistent/agent: connect: no such file or directory");
  });

  test("rejects a user who does not know it", () => {
    expect(error("other-user")).toBe(
      "after 1 failed attempts: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain",
    );
  });

  test("is taken from `privateKey` with the official plugin; rejects it by name with the offline one", async () => {
    const { privateKeyFile } = server.identity;
    const connection = { host: server.address, port: server.port, privateKey: readFileSync(privateKeyFile, "utf8") };
    const given = { "private-key": { connection, inputs: { create: "echo connected" } } };
    const run = await workspace.run("up", { given, words: ["--target", "**::private-key"] });
    expect(run.exitCode).toBe(offline ? 1 : 0);
    if (offline) expect(error("private-key", run)).toContain("privateKey");
    expect(run.events.textWithoutDebug).not.toContain("PRIVATE KEY");
  });
});

test("a command that cannot connect leaves no resource", () => {
  for (const name of ["wrong-key", "dead-port", "no-agent", "other-user"]) expect(state.has(name)).toBe(false);
});
