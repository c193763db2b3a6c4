import { duration } from "./duration.ts";

/** Prints a line for the user; tests collect the lines instead. */
export type Say = (line: string) => void;

const interval = 15_000;

/** Reports on one tool while it is installed: important lines at once, and every 15 seconds the current status. */
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

  /** Sets the status that the next tick prints. */
  status(text: string): void {
    this.#status = text;
  }

  /** Milliseconds since the work began. */
  elapsed(): number {
    return performance.now() - this.#started;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    this.say(`${this.#status === "" ? "working" : this.#status} (${duration(this.elapsed())})`);
  }
}
