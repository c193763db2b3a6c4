import { Agent } from "node:http";
import type { Duplex } from "node:stream";
import { CommandStream } from "./command-stream.ts";

/** The HTTP agent for a Docker engine on another host. Each of its connections is a process of the local ssh client. */
export class SshHttpAgent extends Agent {
  readonly #words: readonly [string, ...string[]];

  constructor(words: readonly [string, ...string[]]) {
    super({ keepAlive: true });
    this.#words = words;
  }

  override createConnection(): Duplex {
    return new CommandStream(this.#words);
  }

  // The inherited methods set options of a TCP socket, and a process has none.
  override keepSocketAlive(): boolean {
    return true;
  }

  override reuseSocket(): void {
    // A process needs no preparation.
  }
}
