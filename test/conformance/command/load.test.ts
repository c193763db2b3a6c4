import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../hosts/condition.ts";
import { TcpProxy } from "../tcp-proxy.ts";
import { Journal } from "../journal.ts";
import type { CommandSpecs } from "../programs/command/spec.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { sharedServer } from "../shared-server.ts";
import { Workspace } from "../workspace.ts";

const server = sharedServer();
const env = { SSH_AUTH_SOCK: server.identity.agentSocket };
let journal: Journal;
let proxy: TcpProxy;
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
  return { host: server.address, port: proxy.port, hostKey: server.hostKey };
}

describe("a command whose connection is cut (F2)", () => {
  const workspace = open();
  let cut: PulumiResult;
  const specs = (create: string): CommandSpecs => ({ cut: { connection: connection(), inputs: { create } } });

  beforeAll(async () => {
    proxy = await TcpProxy.open(server.port);
    // The command continues after the loss of its connection, and ends when its folder is removed.
    const create = `${journal.note("cut", "started")}; echo so far; while [ -d ${journal.folder} ]; do sleep 0.2; done`;
    const running = await workspace.start("up", { given: specs(create), env });
    await eventually("the command shows its output", 60, () =>
      Promise.resolve(/so far/.test(running.output) || undefined),
    );
    proxy.cutConnections();
    cut = await running.finished;
  });

  afterAll(() => proxy.close());

  test("rejects with the command and its output, and the message that the exit status is missing", () => {
    expect(cut.exitCode).toBe(1);
    expect(cut.events.said("cut", "error")).toMatch(
      /^wait: remote command exited without exit status or exit signal: running "echo started [^\n]*":\nso far\n/,
    );
  });

  test("is not retried: it runs once", async () => {
    expect(proxy.connections).toBe(1);
    expect((await journal.take())["cut"]).toEqual(["started"]);
  });

  test("leaves no resource, so that the next run runs it again", async () => {
    expect(workspace.state().has("cut")).toBe(false);
    const again = await workspace.run("up", { given: specs(journal.note("cut", "again")), env });
    expect(again.exitCode, again.output).toBe(0);
    expect((await journal.take())["cut"]).toEqual(["again"]);
  });
});

describe("50 parallel commands", () => {
  const workspace = open();
  let all: PulumiResult;

  beforeAll(async () => {
    // The limits of the usual sshd are raised for the other tests; this second one has Debian's defaults.
    const settings = ["-o", "MaxStartups=10:30:100", "-o", "PidFile=/run/sshd-usual.pid"];
    const sshd = await server.exec(["/usr/sbin/sshd", "-p", "2200", ...settings]);
    expect(sshd.code, sshd.stderr).toBe(0);
    proxy = await TcpProxy.open({ host: server.networkAddress, port: 2200 });
    // Each command ends when all 50 have started.
    const allStarted = `[ $(ls ${journal.folder} | wc -l) -ge 50 ]`;
    const wait = `for i in $(seq 600); do ${allStarted} && exit; sleep 0.2; done; exit 1`;
    const create = `touch ${journal.folder}/command-$$; ${wait}`;
    const names = Array.from({ length: 50 }, (_, index) => `command-${index}`);
    const given = Object.fromEntries(names.map((name) => [name, { connection: connection(), inputs: { create } }]));
    all = await workspace.run("up", { given, env, words: ["--parallel", "50"] });
  });

  afterAll(() => proxy.close());

  test("run at the same time, each over its own connection", () => {
    expect(all.exitCode, all.output).toBe(0);
    expect(all.events.changes["create"]).toBe(51);
    expect(proxy.peak).toBeGreaterThanOrEqual(50);
  });

  test("succeed although sshd refuses some connections at first (F22)", () => {
    expect(proxy.connections).toBeGreaterThanOrEqual(50);
    expect(all.events.messages.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});
