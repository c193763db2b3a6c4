import { Buffer } from "node:buffer";
import type { Writable } from "node:stream";

/**
 * An output of this process. Its reader may be gone, so writing neither blocks nor fails. Node writes to pipes and
 * sockets in the background, and keeps in memory what they do not take.
 */
export class Output {
  readonly #stream: Writable;
  /** Bytes that wait for their reader at most; what comes on top is dropped. */
  readonly #backlog: number;

  constructor(stream: Writable, backlog = Infinity) {
    this.#stream = stream;
    this.#backlog = backlog;
    stream.on("error", () => undefined); // EPIPE: nobody is there
  }

  write(line: string): void {
    if (!this.#stream.writable) return;
    if (this.#stream.writableLength + Buffer.byteLength(line) < this.#backlog) this.#stream.write(`${line}\n`);
  }

  /** Waits a time until everything was read, and tells whether it was. */
  async flush(milliseconds = 1000): Promise<boolean> {
    if (!this.#stream.writable || this.#stream.writableLength === 0) return true;
    return await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), milliseconds);
      this.#stream.write("", () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }
}
