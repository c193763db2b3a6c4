import { Agent } from "node:http";
import type { Duplex } from "node:stream";
import { CommandStream } from "./command-stream.ts";

/** Connects HTTP to the Docker engine of another host: each connection is one process of the local ssh client. */
export class SshHttpAgent extends Agent {
  readonly #words: readonly [string, ...string[]];

  constructor(words: readonly [string, ...string[]]) {
    super({ keepAlive: true });
    this.#words = words;
  }

  override createConnection(): Duplex {
    return new CommandStream(this.#words);
  }

  // The inherited methods set options of a TCP socket, which a process does not have.
  override keepSocketAlive(): boolean {
    return true;
  }

  override reuseSocket(): void {
    // Nothing to do before a process is used again.
  }
}
