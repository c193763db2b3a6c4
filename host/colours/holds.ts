import { z } from "zod";
import { holdSchema, type Hold } from "../../model/facts/release.ts";
import type { StackState } from "../state/stack-state.ts";

const memory = "holds";

/** The releases of a stack that plan and `up` refuse, the newest at the end. */
export class Holds {
  readonly #state: StackState;

  constructor(state: StackState) {
    this.#state = state;
  }

  all(): readonly Hold[] {
    return this.#state.memory(memory, z.array(holdSchema)) ?? [];
  }

  /** The hold of a rollout document, by its hash. */
  of(hash: string): Hold | undefined {
    return this.all().find((hold) => hold.hash === hash);
  }

  /** Lets a release be deployed again. */
  remove(hash: string): void {
    this.#state.remember(
      memory,
      this.all().filter((hold) => hold.hash !== hash),
    );
  }

  /** Holds a release; a release that is held already keeps its first hold. */
  add(hold: Hold): void {
    if (this.of(hold.hash) === undefined) this.#state.remember(memory, [...this.all(), hold]);
  }
}
