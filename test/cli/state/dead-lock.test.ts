import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { forgetJob, isStateInUse, releaseDeadLocks } from "../../../cli/state/dead-lock.ts";
import { noteJob } from "../../../cli/state/job-note.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-locks-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const locks = (): string => join(folder, "locks");

const longAgo = "2026-01-01T12:00:00Z";

function lock(name: string, pid: number, host = hostname(), timestamp = new Date().toISOString()): void {
  const text = JSON.stringify({ pid, username: "me", hostname: host, timestamp });
  mkdirSync(locks(), { recursive: true });
  writeFileSync(join(locks(), `${name}.json`), text);
}

function callOf(environment: NodeJS.ProcessEnv) {
  return { folder, stack: "test", stacks: ["test"], words: [], environment };
}

function state() {
  const file = join(folder, "test.json");
  return { stack: "test", file, backups: "", history: "", locks: locks(), notes: join(folder, "notes") };
}

function inUse(environment: NodeJS.ProcessEnv = {}): boolean {
  return isStateInUse(callOf(environment), state());
}

describe("a stack's state", () => {
  test("is not in use without a lock, or with only one whose holder is dead", () => {
    expect(inUse()).toBe(false);
    lock("dead", spawnSync("true").pid);
    expect(inUse()).toBe(false);
  });

  test("is in use while the holder of one of its locks is alive, or may be alive elsewhere", () => {
    lock("dead", spawnSync("true").pid);
    lock("living", process.pid);
    expect(inUse()).toBe(true);
    rmSync(join(locks(), "living.json"));
    lock("elsewhere", spawnSync("true").pid, "another-machine");
    expect(inUse()).toBe(true);
  });
});

describe("a job", () => {
  const job = { CI_JOB_STARTED_AT: "2026-01-01T13:00:00Z", SLIPWAY_RESOURCE_GROUP: "staging", CI_JOB_ID: "7" };

  test("leaves a lock alone whose process lives here, although it is older than the job (SEC-B1)", async () => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const later = { ...job, CI_JOB_STARTED_AT: new Date(Date.now() + 60_000).toISOString() };
    lock("living", process.pid);
    noteJob(state(), process.pid, later);
    expect(inUse(later)).toBe(true);
    await releaseDeadLocks(callOf(later), state());
    vi.restoreAllMocks();
    expect(readdirSync(locks())).toEqual(["living.json"]);
  });

  test("leaves a lock alone that no job of its resource group took, though its process is gone (SEC-B1)", () => {
    const { pid } = spawnSync("true");
    lock("left", pid, hostname(), longAgo);
    expect(inUse(job)).toBe(true);
    noteJob(state(), pid, { ...job, SLIPWAY_RESOURCE_GROUP: "production" });
    expect(inUse(job)).toBe(true);
  });

  test("takes a lock for dead that an earlier job of its resource group took and left (F120)", () => {
    const { pid } = spawnSync("true");
    lock("left", pid, hostname(), longAgo);
    noteJob(state(), pid, job);
    forgetJob(state(), pid);
    expect(inUse(job)).toBe(false);
  });

  test("forgets its note when its run has left no lock", () => {
    noteJob(state(), 7, job);
    expect(readdirSync(state().notes)).toEqual([`${hostname()}-7.json`]);
    forgetJob(state(), 7);
    expect(readdirSync(state().notes)).toEqual([]);
  });

  test("leaves no note where it has no resource group", () => {
    noteJob(state(), 7, {});
    expect(existsSync(state().notes)).toBe(false);
  });
});
