import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ifFree, withLock } from "../../toolchain/cache/lock.ts";
import { ground } from "./sandbox.ts";

const never = (holder: string) => {
  throw new Error(`has to wait for ${holder}`);
};

async function otherProcess(lock: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "hold-lock.ts"), lock], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

test("a second run waits for the first and says for whom", async () => {
  const lock = join(ground().place.cacheDirectory, "locks", "tool");
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
  const lock = join(ground().place.cacheDirectory, "locks", "tool");
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

test("a lock is free again after what it guarded failed", async () => {
  const lock = join(ground().place.cacheDirectory, "locks", "tool");
  await expect(withLock(lock, never, () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(await withLock(lock, never, () => Promise.resolve("entered"))).toBe("entered");
});

test("what is done only if a lock is free is left undone while somebody holds it", async () => {
  const lock = join(ground().place.cacheDirectory, "locks", "tool");
  const done: string[] = [];
  await withLock(lock, never, () => ifFree(lock, () => done.push("while held")));
  await ifFree(lock, () => done.push("after"));
  expect(done).toEqual(["after"]);
});

test("rejects a lock in a machine without flock", async () => {
  const { place } = ground();
  process.env["PATH"] = "/nowhere";
  await expect(withLock(join(place.cacheDirectory, "lock"), never, () => Promise.resolve())).rejects.toThrow(
    "flock: there is no such command; install util-linux",
  );
});
