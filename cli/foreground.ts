import { spawn } from "node:child_process";
import { constants } from "node:os";

interface ForegroundOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Milliseconds in which one Ctrl-C may come twice: from the terminal, and from npm, which passes it on. A person needs longer for a second one.
   * @default 500 */
  readonly sameKeystroke?: number;
}

const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a program with this terminal, and gives its exit code. Every signal reaches it as SIGINT, on which `pulumi` stops at the next safe point, and only from
 * us: the program has a process group of its own, or a Ctrl-C would reach it twice, and the second one means "at once". If we are killed, the kernel tells it.
 */
export async function runInForeground(words: readonly string[], options: ForegroundOptions): Promise<number> {
  const { env, cwd, sameKeystroke = 500 } = options;
  const pdeathsig = ["--pdeathsig", "INT", "--"];
  const child = spawn("setpriv", [...pdeathsig, ...words], { env, cwd, stdio: "inherit", detached: true });
  let last = -Infinity;
  const passOn = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    // Only a person who presses Ctrl-C twice means "at once". A runner sends SIGTERM to all that belongs to a job, whose shell may pass it on once more, much later.
    const means = signal === "SIGINT" ? now - last > sameKeystroke : last === -Infinity;
    if (means) child.kill("SIGINT");
    last = now;
  };
  for (const signal of passedOn) process.on(signal, passOn);
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve(code ?? exitCodeOf(signal)));
    });
  } finally {
    for (const signal of passedOn) process.off(signal, passOn);
  }
}

/** As a shell tells that a signal ended a program. */
function exitCodeOf(signal: NodeJS.Signals | null): number {
  return signal === null ? 1 : 128 + constants.signals[signal];
}
