import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { readRequests, type LoadedRequest, type Targets } from "./requests.ts";

/** Requests a second: more than a hundred in the two seconds after a switch. */
const rate = 60;

/** A load at a constant rate, whatever becomes of the requests before: half on kept connections, half on new ones. */
export class SteadyLoad {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Promise<string>;

  private constructor(child: ChildProcessByStdio<Writable, Readable, null>) {
    this.#child = child;
    this.#lines = text(child.stdout);
  }

  static begin({ api, web }: Targets): SteadyLoad {
    const words = [join(import.meta.dirname, "send-load.ts"), api, web, String(rate)];
    return new SteadyLoad(spawn(process.execPath, words, { stdio: ["pipe", "pipe", "inherit"] }));
  }

  /** Ends the load; returns its requests once all of them have their answers, in the order in which they were sent. */
  async end(): Promise<LoadedRequest[]> {
    const closed = once(this.#child, "close");
    this.#child.stdin.end();
    await closed;
    const requests = readRequests(await this.#lines);
    return requests.sort((one, other) => one.sent - other.sent);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) await this.end();
  }
}
