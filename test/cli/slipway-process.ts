import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { withoutWaits } from "./without-waits.ts";

/** How a run of `slipway` ended. */
export interface SlipwayResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `slipway`, in a process group of its own as a shell would give it. */
export class SlipwayProcess {
  readonly finished: Promise<SlipwayResult>;
  readonly #child: ChildProcess;
  #stdout = "";
  #stderr = "";

  constructor(words: readonly string[], env: NodeJS.ProcessEnv, stdin = "") {
    const main = join(import.meta.dirname, "..", "..", "cli", "main.ts");
    const child = spawn(process.execPath, [main, ...words], { env, stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.#child = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => (this.#stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin);
    this.finished = new Promise((resolve, reject) => {
      child.once("error", reject);
      // Not "close": what a killed slipway leaves for a moment may hold the pipes.
      child.once("exit", (exitCode) => {
        setImmediate(() => resolve({ exitCode, stdout: this.#stdout, stderr: withoutWaits(this.#stderr) }));
      });
    });
  }

  /** What it has said up to now, on both ways. */
  get output(): string {
    return this.#stdout + this.#stderr;
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error("slipway: it did not start");
    return pid;
  }

  /** Only slipway gets it. */
  kill(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** Ctrl-C in a terminal: every process of the group gets it. */
  pressControlC(): void {
    process.kill(-this.pid, "SIGINT");
  }
}
