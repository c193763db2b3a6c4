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
  await journal.remove(); // which also ends the commands on the server
  for (const workspace of workspaces) workspace.remove();
});

/** An update that waits for ever, caught while it does. */
class Sleeping {
  readonly workspace = new Workspace("language-nodejs/waiting");
  readonly #pidFile = join(this.workspace.folder, "pid");

  constructor() {
    workspaces.push(this.workspace);
  }

  given(who: "program" | "local" | "remote") {
    const command = `echo asleep; while [ -d ${journal.folder} ]; do sleep 0.2; done`;
    const connection = { host: server.address, port: server.port, hostKey: server.hostKey };
    return { pidFile: this.#pidFile, who, command, connection };
  }

  async start(who: "program" | "local" | "remote"): Promise<PulumiProcess> {
    const env = { SSH_AUTH_SOCK: server.identity.agentSocket };
    const running = await this.workspace.start("up", { given: this.given(who), env });
    await eventually("the update waits", 60, () => Promise.resolve(running.output.includes("asleep") || undefined));
    return running;
  }

  /** The process of the program. */
  get pid(): number {
    return Number(readFileSync(this.#pidFile, "utf8"));
  }

  /** Whether the program heard SIGINT. */
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
  test("once ends a waiting program, and the update as cancelled", async () => {
    const sleeping = new Sleeping();
    const running = await sleeping.start("program");
    running.pressControlC();
    const result = await running.finished;
    expect(result.exitCode).toBe(1);
    expect(result.output).toContain("^C received; cancelling.");
    expect(result.output).toContain("error: update canceled");
    await gone([sleeping.pid]);
    expect(sleeping.locks).toEqual([]);
  });

  test("once kills a local command that runs, which then leaves no resource", async () => {
    const sleeping = new Sleeping();
    const running = await sleeping.start("local");
    running.pressControlC();
    const result = await running.finished;
    expect(result.exitCode).toBe(1);
    expect(result.events.said("sleeper", "error")).toMatch(/^signal: killed: running "echo asleep;.*":\nasleep\n/);
    expect(sleeping.workspace.state().has("sleeper")).toBe(false);
    await gone([sleeping.pid]);
    expect(sleeping.locks).toEqual([]);
  });

  test("once waits for a remote command; twice ends the update at once, and the state tells what was going on", async () => {
    const sleeping = new Sleeping();
    const running = await sleeping.start("remote");
    running.pressControlC();
    await eventually("it is heard", 60, () =>
      Promise.resolve(/\^C received; cancelling/.test(running.output) || undefined),
    );
    running.pressControlC();
    const result = await running.finished;
    expect(result.exitCode).toBe(8);
    expect(result.output).toContain("^C received; terminating");
    expect(result.events.said("sleeper", "error")).toBe("");
    await gone([sleeping.pid]);
    expect(sleeping.locks).toEqual([]);
    const next = await sleeping.workspace.destroy();
    expect(next.output).toContain("interrupted while creating");
  });
});

test("SIGTERM ends a waiting program like one Ctrl-C; the program hears SIGINT, so that it can tidy up", async () => {
  const sleeping = new Sleeping();
  const running = await sleeping.start("program");
  running.kill("SIGTERM");
  const result = await running.finished;
  expect(result.exitCode).toBe(1);
  expect(result.output).toContain("SIGTERM received; cancelling.");
  await gone([sleeping.pid]);
  expect(sleeping.wasInterrupted).toBe(true);
});

describe("SIGKILL of pulumi", () => {
  const sleeping = new Sleeping();
  let children: readonly number[];
  let blocked: PulumiResult, cancelled: PulumiResult, next: PulumiResult;

  beforeAll(async () => {
    const running = await sleeping.start("remote");
    children = running.children();
    running.kill("SIGKILL");
    await running.finished;
    await gone([sleeping.pid]);
    blocked = await sleeping.workspace.destroy();
    cancelled = await sleeping.workspace.pulumi(["cancel", "--yes"]);
    next = await sleeping.workspace.destroy();
  });

  // The official language host and plugins stay.
  afterAll(() => {
    for (const child of children.filter(isAlive)) process.kill(child, "SIGKILL");
  });

  test("ends the program", () => {
    expect(isAlive(sleeping.pid)).toBe(false);
  });

  test.runIf(offline)("ends the offline language host and plugins", async () => {
    expect(children.length).toBeGreaterThanOrEqual(2);
    await gone(children);
  });

  test("leaves a lock that stops the next update, until `pulumi cancel` takes it away", () => {
    expect(blocked.exitCode).toBe(1);
    expect(blocked.output).toContain("the stack is currently locked by 1 lock(s)");
    expect(cancelled.exitCode, cancelled.output).toBe(0);
    expect(next.exitCode, next.output).toBe(0);
  });
});

test("`pulumi cancel` takes the lock of a running update away, which goes on without it", async () => {
  const sleeping = new Sleeping();
  const running = await sleeping.start("program");
  expect(sleeping.locks).toHaveLength(1);
  const cancelled = await sleeping.workspace.pulumi(["cancel", "--yes"]);
  expect(cancelled.exitCode, cancelled.output).toBe(0);
  expect(sleeping.locks).toEqual([]);
  expect(isAlive(sleeping.pid)).toBe(true);
  running.pressControlC();
  const result = await running.finished;
  expect(result.output).toContain("there was a problem deleting the lock");
  await gone([sleeping.pid]);
});

async function gone(pids: readonly number[]): Promise<void> {
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
