import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { Duplex } from "node:stream";
import { childEnvironment } from "../../../process/environment.ts";

/** The error of a connection whose process failed. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
}

/** A connection through a local process: requests go to its stdin, responses come from its stdout. */
export class CommandStream extends Duplex {
  readonly #words: readonly [string, ...string[]];
  readonly #process: ChildProcessWithoutNullStreams;
  #stderr = "";

  constructor(words: readonly [string, ...string[]]) {
    super();
    this.#words = words;
    const [command, ...args] = words;
    // Detached from the terminal, so that ssh cannot ask the user for a password.
    this.#process = spawn(command, args, { env: childEnvironment(process.env), detached: true });
    this.#process.stdout.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) this.#process.stdout.pause();
    });
    this.#process.stderr.on("data", (chunk: Buffer) => (this.#stderr = (this.#stderr + chunk.toString()).slice(-4096)));
    // A write fails when the process has ended, but its exit status says more.
    this.#process.stdin.on("error", () => undefined);
    this.#process.on("error", (error) => this.destroy(error));
    this.#process.on("close", (code, signal) => this.#ended(code, signal));
    // A shared ssh master keeps stderr open longer than the connection, which delays "close".
    this.#process.on("exit", (code, signal) => setTimeout(() => this.#ended(code, signal), 1000).unref());
  }

  override _read(): void {
    this.#process.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#process.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#process.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#process.kill();
    done(error);
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.destroyed || this.readableEnded) return;
    if (code === 0) {
      this.push(null);
      return;
    }
    const how = code === null ? `signal: ${String(signal)}` : `exit status ${code}`;
    this.destroy(
      new CommandFailed(
        `command [${this.#words.join(" ")}] has exited with ${how}, make sure the URL is valid, ` +
          `and Docker 18.09 or later is installed on the remote host: stderr=${this.#stderr}`,
      ),
    );
  }
}
