import { join } from "node:path";
import { Lock, type LockRequest } from "../lock.ts";
import type { Places } from "../places.ts";

const verbsAtOnce = 3;

/**
 * Takes the lock of a server's verbs. Verbs share it until they end, even if their run is dead; a session takes it
 * alone, and so waits for the verbs of every stack (SEC-B2, F138).
 */
export async function lockVerbs({ run }: Pick<Places, "run">, request: LockRequest): Promise<Lock | undefined> {
  return await Lock.take(join(run, "verbs.lock"), request);
}

/** Takes one of the server's three places for verbs at work, and waits for it as long as it takes. */
export async function takeSlot({ run }: Pick<Places, "run">, wait: () => void): Promise<Lock> {
  const slots = Array.from({ length: verbsAtOnce }, (_, index) => join(run, `verb-slot-${index + 1}.lock`));
  for (const slot of slots) {
    const lock = await Lock.take(slot);
    if (lock !== undefined) return lock;
  }
  wait();
  return await takeFirst(slots);
}

/** Waits for all of them at the same time, and keeps the first. */
async function takeFirst(slots: readonly string[]): Promise<Lock> {
  const others = new AbortController();
  let first: Lock | undefined;
  const takes = slots.map(async (slot) => {
    const lock = await Lock.take(slot, { seconds: Infinity, signal: others.signal });
    if (first === undefined) first = lock;
    else lock?.[Symbol.dispose]();
    others.abort();
  });
  const ends = await Promise.allSettled(takes);
  if (first !== undefined) return first;
  throw new Error("no place for a verb could be locked", { cause: ends });
}
