import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../hosts/condition.ts";
import { Door } from "../tcp-proxy.ts";
import { Journal } from "../journal.ts";
import type { CommandSpecs } from "../programs/command/spec.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { sharedServer } from "../shared-server.ts";
import { Workspace } from "../workspace.ts";

const server = sharedServer();
const env = { SSH_AUTH_SOCK: server.identity.agentSocket };
let journal: Journal;
let door: Door;
const workspaces: Workspace[] = [];

beforeAll(async () => {
  journal = await Journal.open(server);
});

afterAll(async () => {
  await journal.remove();
  for (const workspace of workspaces) workspace.remove();
});

function open(): Workspace {
  const workspace = new Workspace("command/commands");
  workspaces.push(workspace);
  return workspace;
}

function connection() {
  return { host: server.address, port: door.port, hostKey: server.hostKey };
}

describe("a connection cut in the middle of a command (F2)", () => {
  const workspace = open();
  let cut: PulumiResult;
  const specs = (create: string): CommandSpecs => ({ cut: { connection: connection(), inputs: { create } } });

  beforeAll(async () => {
    door = await Door.open(server.port);
    // The command outlives its connection; it ends when its folder goes.
    const create = `${journal.note("cut", "started")}; echo so far; while [ -d ${journal.folder} ]; do sleep 0.2; done`;
    const running = await workspace.start("up", { given: specs(create), env });
    await eventually("the command shows its output", 60, () =>
      Promise.resolve(/so far/.test(running.output) || undefined),
    );
    door.slam();
    cut = await running.finished;
  });

  afterAll(() => door.close());

  test("fails the run with command and output, and says that the exit code is unknown", () => {
    expect(cut.exitCode).toBe(1);
    expect(cut.events.said("cut", "error")).toMatch(
      /^wait: remote command exited without exit status or exit signal: running "echo started [^\n]*":\nso far\n/,
    );
  });

  test("is not tried again: the command ran once", async () => {
    expect(door.connections).toBe(1);
    expect((await journal.take())["cut"]).toEqual(["started"]);
  });

  test("leaves no resource, so that the next run starts it again", async () => {
    expect(workspace.state().has("cut")).toBe(false);
    const again = await workspace.run("up", { given: specs(journal.note("cut", "again")), env });
    expect(again.exitCode, again.output).toBe(0);
    expect((await journal.take())["cut"]).toEqual(["again"]);
  });
});

describe("50 commands at once", () => {
  const workspace = open();
  let all: PulumiResult;

  beforeAll(async () => {
    // One sshd for all the other tests is patient; this one is as Debian installs it.
    const settings = ["-o", "MaxStartups=10:30:100", "-o", "PidFile=/run/sshd-usual.pid"];
    const sshd = await server.exec(["/usr/sbin/sshd", "-p", "2200", ...settings]);
    expect(sshd.code, sshd.stderr).toBe(0);
    door = await Door.open({ host: server.networkAddress, port: 2200 });
    const meet = `touch ${journal.folder}/guest-$$; for i in $(seq 600); do [ $(ls ${journal.folder} | wc -l) -ge 50 ] && exit; sleep 0.2; done; exit 1`;
    const guests = Array.from({ length: 50 }, (_, index) => `guest-${index}`);
    const given = Object.fromEntries(
      guests.map((name) => [name, { connection: connection(), inputs: { create: meet } }]),
    );
    all = await workspace.run("up", { given, env, words: ["--parallel", "50"] });
  });

  afterAll(() => door.close());

  test("all run at the same time, each over its own connection", () => {
    expect(all.exitCode, all.output).toBe(0);
    expect(all.events.changes["create"]).toBe(51);
    expect(door.peak).toBeGreaterThanOrEqual(50);
  });

  test("get through although sshd turns some away at first (F22)", () => {
    expect(door.connections).toBeGreaterThanOrEqual(50);
    expect(all.events.messages.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});
