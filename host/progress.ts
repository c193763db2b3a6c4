import { setTimeout as pause } from "node:timers/promises";
import type { Done } from "../model/session/progress.ts";

/** Says what is waited for. It is asked once a second at most. */
export type Tell = () => string | Promise<string>;

interface Step {
  readonly name: string;
  /** Milliseconds by `clock`. */
  readonly since: number;
}

/** Milliseconds to wait for a new text. If Docker is busy or gone, the last text is shown again. */
const patience = 300;

class Wait {
  readonly since = clock();
  readonly #tell: Tell;
  #asked: Promise<void> | undefined;
  #told = "";

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  async text(): Promise<string> {
    this.#asked ??= this.#ask().finally(() => (this.#asked = undefined));
    await Promise.race([this.#asked, pause(patience, undefined, { ref: false })]);
    return this.#told;
  }

  async #ask(): Promise<void> {
    try {
      this.#told = await this.#tell();
    } catch {
      this.#told = "";
    }
  }
}

/** What a process does at this moment. */
export interface Moment {
  /** Undefined between steps. */
  readonly step: string | undefined;
  /** The beginning of the step, or else of the wait; undefined without both. */
  readonly since: number | undefined;
  /** Empty if it does not say what it waits for. */
  readonly waits: string;
  readonly done: readonly Done[];
}

/**
 * What a verb, or the attending process, does at this moment and what it waits for, for the people who wait for it. It
 * says only what slipway itself knows, such as a status, a count or a name, and nothing that a container prints.
 */
export class Progress {
  readonly #steps = new Set<Step>();
  readonly #waits = new Set<Wait>();
  readonly #done: Done[] = [];

  /** Nothing is done. */
  get isIdle(): boolean {
    return this.#steps.size + this.#waits.size === 0;
  }

  /** Begins a step, which lasts until the end of a block. */
  step(name: string): Disposable {
    const step = { name, since: clock() };
    return during(this.#steps, step, () => this.#done.push({ step: name, seconds: secondsSince(step.since) }));
  }

  /** Tells what is waited for, until the end of a block. */
  waits(tell: Tell): Disposable {
    return during(this.#waits, new Wait(tell));
  }

  /** The innermost step, and all that is waited for. */
  async now(): Promise<Moment> {
    const step = [...this.#steps].at(-1);
    const waits = [...this.#waits];
    const told = await Promise.all(waits.map((wait) => wait.text()));
    return {
      step: step?.name,
      since: (step ?? waits[0])?.since,
      waits: [...new Set(told)].filter((text) => text !== "").join("; "),
      done: [...this.#done],
    };
  }
}

/** Milliseconds of the monotonic clock, which all processes of a server share. */
export function clock(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

export function secondsSince(milliseconds: number): number {
  return (clock() - milliseconds) / 1000;
}

function during<One>(all: Set<One>, one: One, end: () => void = () => undefined): Disposable {
  all.add(one);
  return {
    [Symbol.dispose]: () => {
      all.delete(one);
      end();
    },
  };
}
