import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { withLockIfFree, withLock } from "../../toolchain/cache/lock.ts";
import { sandbox } from "./sandbox.ts";

const mustNotWait = (holder: string) => {
  throw new Error(`waits for ${holder}`);
};

async function otherProcess(lock: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "hold-lock.ts"), lock], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

test("a second process waits for a lock and reports its holder", async () => {
  const lock = join(sandbox().place.cacheDirectory, "locks", "tool");
  const child = await otherProcess(lock);
  const waited: string[] = [];
  const entered = withLock(
    lock,
    (holder) => {
      waited.push(holder);
      child.kill("SIGTERM");
    },
    () => Promise.resolve("entered"),
  );
  expect(await entered).toBe("entered");
  expect(waited).toEqual([expect.stringMatching(`^process ${String(child.pid)} in .+, since \\d\\d:\\d\\d:\\d\\d$`)]);
});

test("the lock of a killed process is free at once", async () => {
  const lock = join(sandbox().place.cacheDirectory, "locks", "tool");
  const child = await otherProcess(lock);
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  expect(
    await withLock(
      lock,
      () => undefined,
      () => Promise.resolve("entered"),
    ),
  ).toBe("entered");
});

test("a lock is free again after its action failed", async () => {
  const lock = join(sandbox().place.cacheDirectory, "locks", "tool");
  await expect(withLock(lock, mustNotWait, () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(await withLock(lock, mustNotWait, () => Promise.resolve("entered"))).toBe("entered");
});

test("an action that needs a free lock is skipped while the lock is held", async () => {
  const lock = join(sandbox().place.cacheDirectory, "locks", "tool");
  const done: string[] = [];
  await withLock(lock, mustNotWait, () => withLockIfFree(lock, () => done.push("while held")));
  await withLockIfFree(lock, () => done.push("after"));
  expect(done).toEqual(["after"]);
});

test("rejects a machine without flock", async () => {
  const { place } = sandbox();
  process.env["PATH"] = "/nowhere";
  await expect(withLock(join(place.cacheDirectory, "lock"), mustNotWait, () => Promise.resolve())).rejects.toThrow(
    "flock: command not found; install util-linux",
  );
});
