import { join } from "node:path";
import { z } from "zod";
import { Failure } from "../failure.ts";
import { readStateFile, writeStateFile } from "../files/state-file.ts";
import { Lock } from "../lock.ts";
import type { Places } from "../places.ts";

const holderSchema = z.object({ holder: z.string() });

/** A wish for the lease. */
export interface LeaseRequest {
  /** Seconds to wait for its holder. */
  readonly seconds: number;
  /** The stack, who, the job and what for, in one line. */
  readonly holder: string;
  readonly say: (phase: string, message: string) => void;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

/** Takes the lease of a server, which ends with the process that holds it. Fails with the words of its holder. */
export async function takeLease(places: Pick<Places, "state">, request: LeaseRequest): Promise<Lock> {
  const { seconds, holder, say, signal } = request;
  const path = lockOf(places);
  // An observation holds it for a moment, too, to know whether it is held.
  let lease = await Lock.take(path, { seconds: 0.2 });
  if (lease === undefined) {
    say("lease", `waits up to ${seconds} s for ${leaseHolder(places)}`);
    lease = seconds === 0 ? undefined : await Lock.take(path, { seconds, ...(signal && { signal }) });
  }
  if (lease === undefined) {
    const what = `this server's lease is held by ${leaseHolder(places)}`;
    throw new Failure("lease", `${what}; wait for that run, or end it`);
  }
  writeStateFile(noteOf(places), JSON.stringify({ holder }));
  return lease;
}

/** Who holds the lease now; undefined if it is free. */
export async function currentHolder(places: Pick<Places, "state">): Promise<string | undefined> {
  return (await Lock.isHeld(lockOf(places))) ? leaseHolder(places) : undefined;
}

/** Who holds the lease, or held it last. */
export function leaseHolder(places: Pick<Places, "state">): string {
  try {
    return holderSchema.parse(JSON.parse(readStateFile(noteOf(places)) ?? "")).holder;
  } catch {
    return "an unknown holder";
  }
}

function lockOf({ state }: Pick<Places, "state">): string {
  return join(state, "lease.lock");
}

function noteOf({ state }: Pick<Places, "state">): string {
  return join(state, "lease.json");
}
