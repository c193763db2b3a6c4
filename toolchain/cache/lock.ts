import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { dirname } from "node:path";
import { ToolProblem } from "../problem.ts";

const conflict = 75;

/**
 * Runs `action` while no other process on this machine holds `file`. Node has no flock, so a child holds it for us; the child ends when
 * the pipe to it closes, and so the lock is free as soon as this process is gone, however it went.
 */
export async function withLock<T>(
  file: string,
  onWait: (holder: string) => void,
  action: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const holder = await hold(file, onWait);
  try {
    writeFileSync(file, `process ${process.pid} in ${process.cwd()}, since ${new Date().toLocaleTimeString("en-GB")}`);
    return await action();
  } finally {
    await release(holder);
  }
}

/** Runs `action` only if nobody else holds `file`, and holds it meanwhile. */
export async function ifFree(file: string, action: () => void): Promise<void> {
  const holder = await start(["--nonblock", file]);
  if (holder === undefined) return;
  try {
    action();
  } finally {
    await release(holder);
  }
}

async function hold(file: string, onWait: (holder: string) => void): Promise<ChildProcess> {
  const holder = await start(["--nonblock", file]);
  if (holder !== undefined) return holder;
  onWait(readFileSync(file, "utf8"));
  const waited = await start([file]);
  if (waited === undefined) throw new ToolProblem(`${file}: flock gave up; remove the file and try again`);
  return waited;
}

/** Starts the child that holds the lock; undefined if somebody else has it. */
async function start(options: readonly string[]): Promise<ChildProcess | undefined> {
  const words = [
    "--exclusive",
    "--conflict-exit-code",
    String(conflict),
    ...options,
    "sh",
    "-c",
    "echo held; exec cat",
  ];
  const child = spawn("flock", words, { stdio: ["pipe", "pipe", "inherit"] });
  const held = await new Promise<boolean>((resolve, reject) => {
    child.stdout.once("data", () => resolve(true));
    child.once("error", () => reject(new ToolProblem("flock: there is no such command; install util-linux")));
    child.once("exit", (code) => {
      if (code === conflict) resolve(false);
      else
        reject(
          new ToolProblem(`flock ${options.join(" ")}: ended with code ${String(code)}; can this folder be written?`),
        );
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
