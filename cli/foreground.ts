import { spawn } from "node:child_process";
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
  /** Gets the process id of the program before that runs. */
  readonly onStart?: (pid: number) => void;
}

const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a program on this terminal and returns its exit code. The program gets every signal from us alone, as SIGINT, on
 * which `pulumi` stops at the next safe point. It has a process group of its own, since the terminal would send it the
 * same Ctrl-C again, and a second SIGINT means "stop at once". If we are killed, the kernel sends it SIGINT.
 */
export async function runInForeground(words: readonly string[], options: ForegroundOptions): Promise<number> {
  const { env, cwd, sameKeystroke = 500 } = options;
  const pdeathsig = ["--pdeathsig", "INT", "--"];
  const child = spawn("setpriv", [...pdeathsig, ...words], { env, cwd, stdio: "inherit", detached: true });
  if (child.pid !== undefined) options.onStart?.(child.pid);
  let last = -Infinity;
  const passOn = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    // Only a person who presses Ctrl-C twice means "at once". A CI runner sends SIGTERM to all processes of a job, and
    // the job's shell may pass it on again much later.
    const meant = signal === "SIGINT" ? now - last > sameKeystroke : last === -Infinity;
    if (meant) child.kill("SIGINT");
    last = now;
  };
  for (const signal of passedOn) process.on(signal, passOn);
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve(exitCode(code, signal)));
    });
  } finally {
    for (const signal of passedOn) process.off(signal, passOn);
  }
}
