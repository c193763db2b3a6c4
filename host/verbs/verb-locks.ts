import { Failure } from "../failure.ts";
import type { Lock } from "../lock.ts";
import type { StackPlaces } from "../places.ts";
import type { Progress } from "../progress.ts";
import { leaseHolder, takeLease } from "../session/lease.ts";
import { lockVerbs, takeSlot } from "./locks.ts";

/** Seconds that a verb waits for a session, which waits for all verbs. */
const sessionSeconds = 900;

/** Seconds that a delete without a session waits for the lease. */
const leaseSeconds = 300;

interface Locking {
  /** The verb. */
  readonly kind: string;
  readonly places: StackPlaces;
  readonly say: (phase: string, message: string) => void;
  readonly progress: Progress;
}

/** The locks that a verb takes before it acts. */
export class VerbLocks {
  readonly #locking: Locking;

  constructor(locking: Locking) {
    this.#locking = locking;
  }

  /** The lock of all verbs, which they share. */
  async verbs(): Promise<Lock> {
    const { kind, places, progress } = this.#locking;
    using _wait = progress.waits(() => "waits for a session that waits for all verbs");
    const lock = await lockVerbs(places, { shared: true, seconds: sessionSeconds });
    if (lock !== undefined) return lock;
    throw new Failure(
      kind,
      `a session has waited for all verbs for too long; look at ${places.state}/stacks/*/journal`,
    );
  }

  /** Taken last, so that a verb that holds a slot waits for no other lock. */
  async slot(): Promise<Lock> {
    const { kind, places, say, progress } = this.#locking;
    using _wait = progress.waits(() => "waits, since three verbs are at work on this server");
    return await takeSlot(places, () => say(kind, "waits, since three verbs are at work on this server"));
  }

  /** A session takes the lease and then waits for verbs, so a delete releases its own lock before it waits. */
  async leaseAfter(working: Lock, resource: string): Promise<Lock> {
    working[Symbol.dispose]();
    const { places, say, progress } = this.#locking;
    const holder = `${places.stack}, deleting ${resource}`;
    using _wait = progress.waits(() => `waits for ${leaseHolder(places)}`);
    return await takeLease(places, { seconds: leaseSeconds, holder, say });
  }
}
