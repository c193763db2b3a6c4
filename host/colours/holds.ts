import { z } from "zod";
import { holdSchema, type Hold } from "../../model/facts/release/release.ts";
import type { StackState } from "../state/stack-state.ts";

const memory = "holds";
const schema = z.array(holdSchema);

/** The releases of a stack that plan and `up` refuse, the newest at the end. */
export class Holds {
  readonly #state: StackState;

  constructor(state: StackState) {
    this.#state = state;
  }

  all(): readonly Hold[] {
    return this.#state.memory(memory, schema) ?? [];
  }

  /** What is wrong with what was remembered, in words for people: a release that was held is not refused then. */
  damage(): readonly string[] {
    if (!this.#state.isDamaged(memory, schema)) return [];
    return ["it cannot be read which releases are held, so none is refused; the next hold begins a new list"];
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
