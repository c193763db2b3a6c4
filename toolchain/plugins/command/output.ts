import { isUtf8 } from "node:buffer";
import type { Operation } from "../base/resource-type.ts";

type Stream = "stdout" | "stderr";

/** From this length on, a line stops the official plugin's reader, which then waits for ever. */
const longestLine = 64 * 1024;

/** The output of a command, as the state holds it. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** Collects the output of a running command, and shows it to the user line by line. */
export class Output {
  readonly #kept: { stream: Stream; chunk: Buffer }[] = [];
  readonly #shown: ReadonlySet<Stream>;
  readonly #operation: Operation;
  #line = Buffer.alloc(0);
  #hasOverlongLine = false;
  #logged = Promise.resolve();

  constructor(logging: string | undefined, operation: Operation) {
    this.#shown = new Set(shownStreams(logging));
    this.#operation = operation;
  }

  /** Takes a chunk of output. The shown lines are built from both streams together, in the order of arrival. */
  write(stream: Stream, chunk: Buffer): void {
    this.#kept.push({ stream, chunk });
    if (!this.#shown.has(stream)) return;
    this.#line = Buffer.concat([this.#line, chunk]);
    for (let end = this.#line.indexOf("\n"); end >= 0; end = this.#line.indexOf("\n")) {
      this.#log(this.#line.subarray(0, end));
      this.#line = this.#line.subarray(end + 1);
    }
  }

  /** Resolves when the engine has every line, including an unfinished last one. */
  async logged(): Promise<void> {
    if (this.#line.length > 0) this.#log(this.#line);
    this.#line = Buffer.alloc(0);
    await this.#logged;
  }

  /** Both streams in the order of arrival, for the error of a failed command. */
  combined(): string {
    return this.#bytes().toString();
  }

  /** Each stream without its last newline. */
  printed(): Printed {
    if (this.#hasOverlongLine) {
      throw new Error(
        'output: a line of 64 KiB stops the official plugin for ever; shorten it, or set logging to "none"',
      );
    }
    return { stdout: this.#text("stdout"), stderr: this.#text("stderr") };
  }

  #text(stream: Stream): string {
    const bytes = this.#bytes(stream);
    // The official plugin cannot send such output to the engine, so the operation fails although the command ran.
    if (!isUtf8(bytes)) throw new Error("grpc: error while marshaling: string field contains invalid UTF-8");
    return bytes.toString().replace(/\n$/, "");
  }

  #bytes(stream?: Stream): Buffer {
    return Buffer.concat(
      this.#kept.filter((one) => stream === undefined || one.stream === stream).map((one) => one.chunk),
    );
  }

  #log(line: Buffer): void {
    this.#hasOverlongLine ||= line.length >= longestLine;
    const message = line.toString().replace(/\r$/, "");
    this.#logged = this.#logged.then(() => this.#operation.log({ message, ephemeral: true }));
  }
}

/** The streams that a value of `logging` shows. As in the official plugin, an unknown value shows none. */
function shownStreams(logging = "stdoutAndStderr"): readonly Stream[] {
  const streams: readonly Stream[] = ["stdout", "stderr"];
  return streams.filter((stream) => logging === stream || logging === "stdoutAndStderr");
}
