import { spawn, type ChildProcess } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeKey, type KeyFile } from "../../cli/ssh/key-files.ts";
import type { SlipwayProcess } from "../../cli/slipway-process.ts";
import { WaitingStack } from "../../cli/state/waiting-stack.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";
import { fullSeries, series } from "../series.ts";

const folder = openRunFolder();
let key: KeyFile;
let stack: WaitingStack;
const running: SlipwayProcess[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  key = await makeKey(folder, "key");
});
afterAll(() => closeRunFolder(folder));
beforeEach(async () => {
  stack = await WaitingStack.create(folder);
});
afterEach(async () => {
  stack.letGo();
  await Promise.all(running.splice(0).map(({ finished }) => finished));
  children.splice(0).forEach((child) => child.kill());
});

function start(words: readonly string[], env: NodeJS.ProcessEnv = {}): SlipwayProcess {
  const process = stack.slipway(words, { SSH_PRIVATE_KEY: key.private, ...env });
  running.push(process);
  return process;
}

const up = ["up", "--yes", "--skip-preview"];

/** Kills a `pulumi up` in the middle of a resource, and leaves its lock behind. */
async function killUp(env: NodeJS.ProcessEnv = {}): Promise<{ readonly lock: string; readonly pid: number }> {
  start(up, env);
  await stack.started();
  const [lock = ""] = stack.locks();
  const { pid } = readLock(lock);
  process.kill(pid, "SIGKILL");
  await running[0]?.finished;
  expect(stack.locks()).toEqual([lock]);
  stack.letGo();
  return { lock, pid };
}

function readLock(file: string): { pid: number; timestamp: string } {
  const lock: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof lock !== "object" || lock === null || !("pid" in lock) || !("timestamp" in lock)) throw new Error(file);
  return { pid: Number(lock.pid), timestamp: String(lock.timestamp) };
}

/** Writes a lock beside the real ones. */
async function writeLock(name: string, fields: Readonly<Record<string, unknown>>): Promise<string> {
  const { lock } = await killUp();
  const made = `${dirname(lock)}/${name}.json`;
  const changed = { ...readLock(lock), username: "somebody", hostname: hostname(), ...fields };
  writeFileSync(made, JSON.stringify(changed));
  return made;
}

describe("a state lock whose pulumi was killed", () => {
  test("is released by the next up, which reports that and converges (F85, F94)", async () => {
    const { pid } = await killUp();
    const { exitCode, stderr } = await start(up).finished;
    expect(stderr).toMatch(
      new RegExp(
        `^slipway: the state of test is locked by .*@.*, process ${pid}, since .*; released: that process is gone$`,
        "m",
      ),
    );
    expect(exitCode).toBe(0);
    expect(stack.workspace.state().has("wait")).toBe(true);
    expect(stack.locks()).toEqual([]);
  });

  test.each([
    ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"],
    ["destroy", "--yes", "--skip-preview"],
  ])("is released by %s too", async (...words) => {
    await killUp();
    const { exitCode, stderr } = await start(words).finished;
    expect(stderr).toContain("released: that process is gone");
    expect(exitCode).toBe(0);
  });

  test("is left alone by preview, which needs no lock", async () => {
    const { lock } = await killUp();
    const { exitCode, stderr } = await start(["preview"]).finished;
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining("lock") as unknown });
    expect(stack.locks()).toEqual([lock]);
  });

  // The fast tests know every sign of a dead holder.
  test.skipIf(!fullSeries)("is released even if another program has its process id now (F85)", async () => {
    const later = spawn("sleep", ["600"]);
    children.push(later);
    await writeLock("reused", { pid: later.pid, timestamp: "2020-01-01T00:00:00Z" });
    const { exitCode, stderr } = await start(up).finished;
    expect(stderr).toContain("released: that process is gone; its number now belongs to sleep, which started later");
    expect(exitCode).toBe(0);
  });
});

describe("a state lock whose holder may be alive", () => {
  test("is left alone, and its holder named, while its pulumi works (F91)", async () => {
    start(up);
    await stack.started();
    const [lock = ""] = stack.locks();
    const { exitCode, stderr, stdout } = await start(up).finished;
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(
      new RegExp(`locked by .*, process ${readLock(lock).pid}, since .*; left alone: that process is at work`),
    );
    expect(stdout + stderr).toContain("the stack is currently locked by 1 lock(s)");
    expect(stack.locks()).toEqual([lock]);
    stack.letGo();
    expect((await running[0]?.finished)?.exitCode).toBe(0);
  });

  test.skipIf(!fullSeries)("is left alone if it was made on another machine", async () => {
    const made = await writeLock("elsewhere", { hostname: "elsewhere" });
    const { exitCode, stderr } = await start(up).finished;
    expect(stderr).toContain("left alone: it was made on another machine");
    expect(exitCode).not.toBe(0);
    expect(stack.locks()).toEqual([made]);
  });
});

describe("a state lock in a CI job (F120)", () => {
  const after = "2100-01-01T00:00:00Z";
  const before = "2020-01-01T00:00:00Z";

  const group = { SLIPWAY_RESOURCE_GROUP: "test" };

  test("is released if an earlier job of its resource group left it", async () => {
    await killUp({ CI_JOB_STARTED_AT: before, ...group });
    const { exitCode, stderr } = await start(up, { CI_JOB_STARTED_AT: after, ...group }).finished;
    expect(stderr).toContain("released: it is older than this job, and the resource group test runs one job at a time");
    expect(exitCode).toBe(0);
    expect(readdirSync(stack.path("state/.slipway/jobs/trial/test"))).toEqual([]);
  });

  test("is left alone if no job took it, as that of a person (SEC-B1)", async () => {
    const { lock } = await killUp();
    const { exitCode, stderr } = await start(up, { CI_JOB_STARTED_AT: after, ...group }).finished;
    expect(stderr).toContain("left alone: no job's note is beside it");
    expect(exitCode).not.toBe(0);
    expect(stack.locks()).toEqual([lock]);
  });

  const leftAlone = [
    ["younger than the job", { CI_JOB_STARTED_AT: before, ...group }, "it is younger than this job"],
    ["seen without a resource group", { CI_JOB_STARTED_AT: after }, "the job does not name its resource group"],
  ] as const;
  test.each(series(leftAlone, leftAlone.slice(0, 1)))("is left alone if it is %s", async (_, env, reason) => {
    await killUp(group);
    const { exitCode, stderr } = await start(up, env).finished;
    expect(stderr).toContain(`left alone: ${reason}`);
    expect(exitCode).not.toBe(0);
  });
});

describe("a truncated state", () => {
  test("rejects every run, and names Pulumi's last whole copy, which repairs it (F87)", async () => {
    stack.letGo();
    expect((await start(up).finished).exitCode).toBe(0);
    const state = stack.path("state/.pulumi/stacks/trial/test.json");
    writeFileSync(state, readFileSync(state).subarray(0, 300));
    const { exitCode, stderr } = await start(up).finished;
    expect(exitCode).toBe(1);
    const [, copy = ""] = /test\.json: is cut, .*`cp (\S+) /.exec(stderr) ?? [];
    copyFileSync(copy, state);
    expect((await start(up).finished).exitCode).toBe(0);
  });
});

describe("attributes of the state that a killed run left cut", () => {
  test("are removed by the next run, since Pulumi reads no state with them (F85, F87)", async () => {
    stack.letGo();
    const attributes = stack.path("state/.pulumi/stacks/trial/test.json.attrs");
    writeFileSync(attributes, "");
    expect((await stack.workspace.pulumi(["config"])).stderr).toContain("EOF");
    const { exitCode, stderr } = await start(up).finished;
    expect(stderr).toContain("removed the attributes of test's state");
    expect(exitCode).toBe(0);
  });
});

describe("a command that slipway passes on", () => {
  test("has pulumi's options and its exit code", async () => {
    const refused = await start(["up", "--no-such-option"]).finished;
    expect(refused.stderr + refused.stdout).toContain("unknown flag: --no-such-option");
    const plain = await stack.workspace.pulumi(["up", "--no-such-option"]);
    expect(refused.exitCode).toBe(plain.exitCode);
    const { exitCode, stdout } = await start(["preview", "--json"]).finished;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ changeSummary: { create: 2 } });
  });
});
