import type { ProbeAnswer } from "../health/probe.ts";

/** The requests of slipway's own around a switch, and those that got no good answer. */
export interface ProbedTraffic {
  readonly asked: number;
  readonly failed: number;
}

/** Milliseconds between two requests, to all entry points together: twenty a second. */
const interval = 50;

/**
 * Asks again and again while the traffic moves, at a constant rate: a request does not wait for the answer to the one
 * before, so an outage costs as many requests as it would cost others.
 */
export class TrafficProbe {
  readonly #questions: readonly (() => Promise<ProbeAnswer>)[];
  readonly #open = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout | undefined;
  #asked = 0;
  #failed = 0;

  /** Begins to ask; each question is asked in its turn. */
  constructor(questions: readonly (() => Promise<ProbeAnswer>)[]) {
    this.#questions = questions;
    if (questions.length > 0) this.#timer = setInterval(() => this.#ask(), interval);
  }

  /** Stops, and waits for the answers to what was asked. */
  async end(): Promise<ProbedTraffic> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
    return { asked: this.#asked, failed: this.#failed };
  }

  #ask(): void {
    const question = this.#questions[this.#asked % this.#questions.length];
    if (question === undefined) return;
    this.#asked += 1;
    const asked = question().then(
      ({ good }) => good,
      () => false, // nothing depends on the count, so it ends nothing
    );
    const answered = asked.then((good) => {
      if (!good) this.#failed += 1;
      this.#open.delete(answered);
    });
    this.#open.add(answered);
  }
}
