import { printable } from "../model/printable.ts";
import { messageOf } from "../model/problem.ts";
import { Failure } from "./failure.ts";
import type { LogFile } from "./log-file.ts";
import { Output } from "./output.ts";
import type { Writable } from "node:stream";

/** Bytes that wait for a reader at most. */
const backlog = 1_000_000;

/** All that a process tells people, as `phase: message` on stderr and in the log of its stack. */
export class Messages {
  readonly #output: Output;
  readonly #log: LogFile | undefined;

  constructor(stream: Writable, log?: LogFile) {
    this.#output = new Output(stream, backlog);
    this.#log = log;
  }

  /** Tells one line. It never blocks and never fails, even if nobody reads it any more. */
  readonly say = (phase: string, message: string): void => {
    const line = printable(`${phase}: ${message}`);
    this.#output.write(line);
    this.#log?.add(line);
  };

  /** Writes one line for the run's program, which is of no use later. */
  tell(line: string): void {
    this.#output.write(line);
  }

  /** Writes one line to the log alone. */
  log(phase: string, message: string): void {
    this.#log?.add(printable(`${phase}: ${message}`));
  }

  /** Tells the end of the process, by whatever was thrown. */
  fail(error: unknown): void {
    this.#output.write(lineOf(error));
    this.note(error);
  }

  /** Keeps what was thrown in the log alone, with the stack of a defect. */
  note(error: unknown): void {
    this.#log?.add(lineOf(error));
    const defect = error instanceof Failure ? error.cause : error;
    if (defect instanceof Error) this.#log?.add(printable(defect.stack ?? ""));
  }

  /** Waits up to a second for the reader. */
  async end(): Promise<void> {
    await this.#output.flush();
  }
}

/** What was thrown, as one line for people. */
export function lineOf(error: unknown): string {
  const phase = error instanceof Failure ? error.phase : "slipway";
  return printable(`${phase}: ${messageOf(error)}`);
}
