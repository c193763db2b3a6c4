import { isUtf8 } from "node:buffer";
import type { Operation } from "../base/resource-type.ts";

type Stream = "stdout" | "stderr";

/** The official plugin shows output by a reader that stops at such a line, and then waits for ever. */
const longestLine = 64 * 1024;

/** What a command has printed, as the state holds it. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** Takes what a running command prints: keeps it, and shows it line by line. */
export class Output {
  readonly #kept: { stream: Stream; chunk: Buffer }[] = [];
  readonly #shown: ReadonlySet<Stream>;
  readonly #operation: Operation;
  #line = Buffer.alloc(0);
  #isStuck = false;
  #logged = Promise.resolve();

  constructor(logging: string | undefined, operation: Operation) {
    this.#shown = new Set(shownStreams(logging));
    this.#operation = operation;
  }

  /** Both streams share the lines that are shown, in the order in which they come. */
  write(stream: Stream, chunk: Buffer): void {
    this.#kept.push({ stream, chunk });
    if (!this.#shown.has(stream)) return;
    this.#line = Buffer.concat([this.#line, chunk]);
    for (let end = this.#line.indexOf("\n"); end >= 0; end = this.#line.indexOf("\n")) {
      this.#log(this.#line.subarray(0, end));
      this.#line = this.#line.subarray(end + 1);
    }
  }

  /** Resolves when the engine has every line, also an unfinished last one. */
  async logged(): Promise<void> {
    if (this.#line.length > 0) this.#log(this.#line);
    this.#line = Buffer.alloc(0);
    await this.#logged;
  }

  /** Both streams as they came, for the error of a command that failed. */
  combined(): string {
    return this.#bytes().toString();
  }

  /** Each stream without its last line end. */
  printed(): Printed {
    if (this.#isStuck) {
      throw new Error(
        'output: a line of 64 KiB stops the official plugin for ever; break it, or set logging to "none"',
      );
    }
    return { stdout: this.#text("stdout"), stderr: this.#text("stderr") };
  }

  #text(stream: Stream): string {
    const bytes = this.#bytes(stream);
    // The official plugin cannot send such output to the engine: the command ran, and the operation fails.
    if (!isUtf8(bytes)) throw new Error("grpc: error while marshaling: string field contains invalid UTF-8");
    return bytes.toString().replace(/\n$/, "");
  }

  #bytes(stream?: Stream): Buffer {
    return Buffer.concat(
      this.#kept.filter((one) => stream === undefined || one.stream === stream).map((one) => one.chunk),
    );
  }

  #log(line: Buffer): void {
    this.#isStuck ||= line.length >= longestLine;
    const message = line.toString().replace(/\r$/, "");
    this.#logged = this.#logged.then(() => this.#operation.log({ message, ephemeral: true }));
  }
}

/** Which streams a value of `logging` shows; one that nobody knows shows none, as in the official plugin. */
function shownStreams(logging = "stdoutAndStderr"): readonly Stream[] {
  const streams: readonly Stream[] = ["stdout", "stderr"];
  return streams.filter((stream) => logging === stream || logging === "stdoutAndStderr");
}
