import { type ChildProcess, spawn } from "node:child_process";

/** A program that loads its modules before the engine asks for it. It is used once. */
export class EarlyProgram {
  #child: ChildProcess | undefined;

  /** Starts Node with a file, and words for it, that waits for the message with the words and variables of the run. */
  constructor(words: readonly string[]) {
    this.#child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe", "ipc"] });
    // A failed start is one that ended by itself: the run starts another process.
    for (const end of ["exit", "error"]) this.#child.once(end, () => (this.#child = undefined));
  }

  /** Ends it, if it has not begun. */
  end(): void {
    this.#child?.kill("SIGKILL");
  }

  /** Lets the program run; undefined if it was used already, or ended by itself. */
  run(words: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess | undefined {
    const child = this.#child;
    this.#child = undefined;
    child?.send({ words, environment });
    return child;
  }
}
