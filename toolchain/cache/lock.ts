import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { dirname } from "node:path";
import { UserError } from "../../model/problem.ts";

/** The exit code of flock if another process holds the lock. */
const conflictExitCode = 75;

/**
 * Runs `action` while holding a lock on `file`, which no other process on this machine can hold at the same time. Node
 * has no flock, so a child holds the lock. The child ends when the pipe to it closes, so the lock is free as soon as
 * this process has ended, also after SIGKILL.
 */
export async function withLock<T>(
  file: string,
  onWait: (holder: string) => void,
  action: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const holder = await acquire(file, onWait);
  try {
    writeFileSync(file, `process ${process.pid} in ${process.cwd()}, since ${new Date().toLocaleTimeString("en-GB")}`);
    return await action();
  } finally {
    await release(holder);
  }
}

/** Runs `action` while holding a lock on `file`; does nothing if another process holds it. */
export async function withLockIfFree(file: string, action: () => void): Promise<void> {
  const holder = await startHolder(["--nonblock", file]);
  if (holder === undefined) return;
  try {
    action();
  } finally {
    await release(holder);
  }
}

/** Takes the lock at once if it is free; otherwise reports its holder and waits. */
async function acquire(file: string, onWait: (holder: string) => void): Promise<ChildProcess> {
  const holder = await startHolder(["--nonblock", file]);
  if (holder !== undefined) return holder;
  onWait(readFileSync(file, "utf8"));
  const waited = await startHolder([file]);
  if (waited === undefined) throw failed(file, "flock gave up", "remove the file and try again");
  return waited;
}

/** Starts the child that holds the lock; undefined if another process holds it. */
async function startHolder(options: readonly string[]): Promise<ChildProcess | undefined> {
  const words = [
    "--exclusive",
    "--conflict-exit-code",
    String(conflictExitCode),
    ...options,
    "sh",
    "-c",
    "echo held; exec cat",
  ];
  const child = spawn("flock", words, { stdio: ["pipe", "pipe", "inherit"] });
  const held = await new Promise<boolean>((resolve, reject) => {
    child.stdout.once("data", () => resolve(true));
    child.once("error", () => reject(failed("flock", "command not found", "install util-linux")));
    child.once("exit", (code) => {
      if (code === conflictExitCode) resolve(false);
      else
        reject(failed(["flock", ...options].join(" "), `ended with code ${String(code)}`, "make its folder writable"));
    });
  });
  return held ? child : undefined;
}

async function release(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return;
  const ended = once(holder, "exit");
  holder.stdin?.end();
  await ended;
}

function failed(path: string, what: string, todo: string): UserError {
  return new UserError({ path, what, todo });
}
