import type { LogLine } from "../../model/session/logs.ts";
import type { Answer } from "../../model/session/protocol.ts";

/** The other end of a connection, as far as logs need it. */
export interface Receiver {
  send(answer: Answer): void;
  /** Waits until everything was read, or the other end is gone. */
  untilRead(gone: AbortSignal): Promise<void>;
}

/** Characters that go in one answer, and milliseconds for which lines wait for others. */
const mostCharacters = 32 * 1024;
const pauseMilliseconds = 100;

/** Milliseconds after which an empty answer tells that the server is still there. */
const aliveMilliseconds = 10_000;

/** Sends lines of logs, many in an answer, and no faster than they are read. */
export class LogSender implements Disposable {
  readonly #answers: Receiver;
  readonly #gone: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  #lines: LogLine[] = [];
  #characters = 0;
  #last = performance.now();

  constructor(answers: Receiver, gone: AbortSignal) {
    this.#answers = answers;
    this.#gone = gone;
    this.#timer = setInterval(() => this.#tick(), pauseMilliseconds);
  }

  /** Adds a line; waits where the reader is slower. */
  async add(line: LogLine): Promise<void> {
    this.#lines.push(line);
    this.#characters += line.text.length + line.from.length + line.time.length;
    if (this.#characters < mostCharacters) return;
    this.#send();
    await this.#answers.untilRead(this.#gone);
  }

  /** Sends what is left. */
  async end(): Promise<void> {
    this[Symbol.dispose]();
    this.#send();
    await this.#answers.untilRead(this.#gone);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    if (this.#lines.length > 0 || performance.now() - this.#last > aliveMilliseconds) this.#send();
  }

  #send(): void {
    this.#answers.send({ to: "log", lines: this.#lines });
    this.#lines = [];
    this.#characters = 0;
    this.#last = performance.now();
  }
}
