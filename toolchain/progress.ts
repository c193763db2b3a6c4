import { duration } from "./duration.ts";

/** Where lines for the person go; tests collect them. */
export type Say = (line: string) => void;

const interval = 15_000;

/** Tells about one tool while it is being fetched: at once what matters, and every 15 seconds how far it is. */
export class Progress {
  readonly #say: Say;
  readonly #subject: string;
  readonly #started = performance.now();
  readonly #timer: NodeJS.Timeout;
  #status = "";

  constructor(subject: string, say: Say, every: number = interval) {
    this.#subject = subject;
    this.#say = say;
    this.#timer = setInterval(() => this.#tick(), every);
  }

  /** Prints a line at once. */
  say(text: string): void {
    this.#say(`${this.#subject}: ${text}`);
  }

  /** Remembers how far the work is; the next tick prints it. */
  status(text: string): void {
    this.#status = text;
  }

  /** How long the work has taken so far, in milliseconds. */
  elapsed(): number {
    return performance.now() - this.#started;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    this.say(`${this.#status === "" ? "at work" : this.#status} (${duration(this.elapsed())})`);
  }
}
