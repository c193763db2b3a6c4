import { appendFileSync, existsSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Bytes after which a new file begins. */
const longest = 1_000_000;

/** The log of a stack: every message of the stack's processes. */
export class LogFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Adds a line. The line is dropped if the disk is full or the stack has no folder yet. */
  add(line: string): void {
    try {
      if (!existsSync(dirname(this.#path))) return;
      this.#rotate();
      appendFileSync(this.#path, `${new Date().toISOString()} ${process.pid} ${line}\n`, { mode: 0o600 });
    } catch {
      // Logging must never end a verb.
    }
  }

  #rotate(): void {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > longest) renameSync(this.#path, `${this.#path}.1`);
  }
}
