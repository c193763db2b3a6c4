import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../hosts/condition.ts";
import { Journal } from "../journal.ts";
import { isOffline } from "../plugins.ts";
import type { PulumiProcess, PulumiResult } from "../../pulumi/pulumi-process.ts";
import { sharedServer } from "../shared-server.ts";
import { Workspace } from "../workspace.ts";

const server = sharedServer();
const offline = isOffline("pulumi-language-nodejs") && isOffline("pulumi-resource-command");
const workspaces: Workspace[] = [];
let journal: Journal;

beforeAll(async () => {
  journal = await Journal.open(server);
});

afterAll(async () => {
  await journal.remove(); // this also ends the commands on the server
  for (const workspace of workspaces) workspace.remove();
});

/** An update that waits until it is ended. */
class WaitingUpdate {
  readonly workspace = new Workspace("language-nodejs/waiting");
  readonly #pidFile = join(this.workspace.folder, "pid");

  constructor() {
    workspaces.push(this.workspace);
  }

  given(waiter: "program" | "local" | "remote") {
    const command = `echo asleep; while [ -d ${journal.folder} ]; do sleep 0.2; done`;
    const connection = { host: server.address, port: server.port, hostKey: server.hostKey };
    return { pidFile: this.#pidFile, waiter, command, connection };
  }

  async start(waiter: "program" | "local" | "remote"): Promise<PulumiProcess> {
    const env = { SSH_AUTH_SOCK: server.identity.agentSocket };
    const running = await this.workspace.start("up", { given: this.given(waiter), env });
    await eventually("the update waits", 60, () => Promise.resolve(running.output.includes("asleep") || undefined));
    return running;
  }

  /** The process of the program. */
  get pid(): number {
    return Number(readFileSync(this.#pidFile, "utf8"));
  }

  /** True if the program received SIGINT. */
  get wasInterrupted(): boolean {
    return existsSync(`${this.#pidFile}-interrupted`);
  }

  get locks(): readonly string[] {
    const folder = join(this.workspace.folder, "state", ".pulumi", "locks");
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
  }
}

describe("Ctrl-C", () => {
  test("ends a waiting program, and cancels the update", async () => {
    const update = new WaitingUpdate();
    const running = await update.start("program");
    running.pressControlC();
    const result = await running.finished;
    expect(result.exitCode).toBe(1);
    expect(result.output).toContain("^C received; cancelling.");
    expect(result.output).toContain("error: update canceled");
    await waitForEnd([update.pid]);
    expect(update.locks).toEqual([]);
  });

  test("kills a running local command, which leaves no resource", async () => {
    const update = new WaitingUpdate();
    const running = await update.start("local");
    running.pressControlC();
    const result = await running.finished;
    expect(result.exitCode).toBe(1);
    expect(result.events.said("sleeper", "error")).toMatch(/^signal: killed: running "echo asleep;.*":\nasleep\n/);
    expect(update.workspace.state().has("sleeper")).toBe(false);
    await waitForEnd([update.pid]);
    expect(update.locks).toEqual([]);
  });

  test("waits for a remote command; a second one ends the update and leaves its operation pending", async () => {
    const update = new WaitingUpdate();
    const running = await update.start("remote");
    running.pressControlC();
    await eventually("pulumi confirms the first Ctrl-C", 60, () =>
      Promise.resolve(/\^C received; cancelling/.test(running.output) || undefined),
    );
    running.pressControlC();
    const result = await running.finished;
    expect(result.exitCode).toBe(8);
    expect(result.output).toContain("^C received; terminating");
    expect(result.events.said("sleeper", "error")).toBe("");
    await waitForEnd([update.pid]);
    expect(update.locks).toEqual([]);
    const next = await update.workspace.destroy();
    expect(next.output).toContain("interrupted while creating");
  });
});

test("SIGTERM ends a waiting program like one Ctrl-C: the program gets SIGINT and can clean up", async () => {
  const update = new WaitingUpdate();
  const running = await update.start("program");
  running.kill("SIGTERM");
  const result = await running.finished;
  expect(result.exitCode).toBe(1);
  expect(result.output).toContain("SIGTERM received; cancelling.");
  await waitForEnd([update.pid]);
  expect(update.wasInterrupted).toBe(true);
});

describe("SIGKILL of pulumi", () => {
  const update = new WaitingUpdate();
  let children: readonly number[];
  let blocked: PulumiResult, cancelled: PulumiResult, next: PulumiResult;

  beforeAll(async () => {
    const running = await update.start("remote");
    children = running.children();
    running.kill("SIGKILL");
    await running.finished;
    await waitForEnd([update.pid]);
    blocked = await update.workspace.destroy();
    cancelled = await update.workspace.pulumi(["cancel", "--yes"]);
    next = await update.workspace.destroy();
  });

  // The official language host and plugins keep running.
  afterAll(() => {
    for (const child of children.filter(isAlive)) process.kill(child, "SIGKILL");
  });

  test("ends the program", () => {
    expect(isAlive(update.pid)).toBe(false);
  });

  test.runIf(offline)("ends the offline language host and plugins", async () => {
    expect(children.length).toBeGreaterThanOrEqual(2);
    await waitForEnd(children);
  });

  test("leaves a lock that stops the next update until `pulumi cancel` removes it", () => {
    expect(blocked.exitCode).toBe(1);
    expect(blocked.output).toContain("the stack is currently locked by 1 lock(s)");
    expect(cancelled.exitCode, cancelled.output).toBe(0);
    expect(next.exitCode, next.output).toBe(0);
  });
});

test("`pulumi cancel` removes the lock of a running update, which continues without it", async () => {
  const update = new WaitingUpdate();
  const running = await update.start("program");
  expect(update.locks).toHaveLength(1);
  const cancelled = await update.workspace.pulumi(["cancel", "--yes"]);
  expect(cancelled.exitCode, cancelled.output).toBe(0);
  expect(update.locks).toEqual([]);
  expect(isAlive(update.pid)).toBe(true);
  running.pressControlC();
  const result = await running.finished;
  expect(result.output).toContain("there was a problem deleting the lock");
  await waitForEnd([update.pid]);
});

async function waitForEnd(pids: readonly number[]): Promise<void> {
  await eventually(`processes ${pids.join(", ")} end`, 30, () => Promise.resolve(!pids.some(isAlive) || undefined));
}

function isAlive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  try {
    return !readFileSync(stat, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
