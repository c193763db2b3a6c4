import { spawn, type ChildProcess } from "node:child_process";
import type { Writable } from "node:stream";
import { exitCode } from "../process/child.ts";

interface ForegroundOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /**
   * Milliseconds within which a second SIGINT counts as the same keystroke: npm passes on the Ctrl-C that the terminal
   * sends as well. A person needs longer to press it again.
   * @default 500
   */
  readonly sameKeystroke?: number;
  /** Gets the process id of the program. */
  readonly onStart?: (pid: number) => void;
}

const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Waits for a word. If its stdin ends before that, we were killed, and the process that it guards gets SIGINT. The
 * kernel could send it as well, but once for each of our threads that ends: `pulumi` would hear several, and a second
 * one means "stop at once".
 */
const guard = 'read -r word || kill -INT "$1"';

/**
 * Runs a program on this terminal and returns its exit code. The program gets every signal from us alone, as SIGINT, on
 * which `pulumi` stops at the next safe point. It has a process group of its own, since the terminal would send it the
 * same Ctrl-C again. If we are killed, it gets SIGINT as well.
 */
export async function runInForeground(
  command: string,
  words: readonly string[],
  options: ForegroundOptions,
): Promise<number> {
  const { env, cwd, sameKeystroke = 500 } = options;
  let child: ChildProcess | undefined = undefined;
  let last = -Infinity;
  const passOn = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    // Only a person who presses Ctrl-C twice means "at once". A CI runner sends SIGTERM to all processes of a job, and
    // the job's shell may pass it on again much later.
    const meant = signal === "SIGINT" ? now - last > sameKeystroke : last === -Infinity;
    if (meant) child?.kill("SIGINT");
    last = now;
  };
  // A signal may come as soon as the program runs.
  for (const signal of passedOn) process.on(signal, passOn);
  child = spawn(command, words, { env, cwd, stdio: "inherit", detached: true });
  const guardian = child.pid === undefined ? undefined : startGuard(child.pid);
  if (child.pid !== undefined) options.onStart?.(child.pid);
  try {
    return await ended(child);
  } finally {
    for (const signal of passedOn) process.off(signal, passOn);
    guardian?.end("ended\n");
  }
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(exitCode(code, signal)));
  });
}

/** Starts the guard of a process in a group of its own, so that no Ctrl-C ends it, and returns its stdin. */
function startGuard(pid: number): Writable {
  const words = ["-c", guard, "guard", String(pid)];
  const { stdin } = spawn("/bin/sh", words, { env: {}, stdio: ["pipe", "ignore", "ignore"], detached: true });
  stdin.on("error", () => undefined); // somebody ended the guard
  return stdin;
}
