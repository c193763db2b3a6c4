import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isStateInUse } from "../../../cli/state/dead-lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-locks-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const locks = (): string => join(folder, "locks");

function lock(name: string, pid: number, host = hostname()): void {
  const text = JSON.stringify({ pid, username: "me", hostname: host, timestamp: new Date().toISOString() });
  mkdirSync(locks(), { recursive: true });
  writeFileSync(join(locks(), `${name}.json`), text);
}

function inUse(): boolean {
  const call = { folder, stack: "test", stacks: ["test"], words: [], environment: {} };
  const state = { stack: "test", file: join(folder, "test.json"), backups: "", history: "", locks: locks() };
  return isStateInUse(call, state);
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
