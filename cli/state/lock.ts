import { z } from "zod";

const lockSchema = z.object({ pid: z.number(), username: z.string(), hostname: z.string(), timestamp: z.string() });

/** A lock as Pulumi's own backends write it: whose `pulumi` works on a stack's state, and since when. */
export interface StateLock {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  /** Milliseconds. */
  readonly since: number;
}

/** Reads a lock; undefined if it is not (yet) one. */
export function readStateLock(text: string): StateLock | undefined {
  const { success, data } = lockSchema.safeParse(parsed(text));
  if (!success) return undefined;
  const { timestamp, ...holder } = data;
  const since = Date.parse(timestamp);
  return Number.isNaN(since) ? undefined : { ...holder, since };
}

/** A process as this machine sees it. */
export interface SeenProcess {
  readonly command: string;
  /** Milliseconds. */
  readonly started: number;
}

/** What can be said here about the holder of a lock. */
export interface Witness {
  readonly hostname: string;
  /** The process with this id; undefined where there is none, "unknown" where it cannot be looked at. */
  process(pid: number): SeenProcess | "unknown" | undefined;
  /** The CI job that this is, and the resource group under which only one job of the stack runs at a time. */
  readonly job?: { readonly started: number; readonly resourceGroup: string | undefined };
}

/** Whether the holder of a lock is provably dead, and why. */
interface Verdict {
  readonly dead: boolean;
  readonly reason: string;
}

/** Clocks are set by a little while they run; a process that started this much later than its lock did not make it. */
const clockTolerance = 5_000;

/** Judges a lock. Whatever is not proven counts as alive. */
export function judge(lock: StateLock, witness: Witness): Verdict {
  return witness.job === undefined ? judgeHere(lock, witness) : judgeInJob(lock, witness.job);
}

/** In CI the names and process ids of containers repeat and prove nothing; the order of the jobs does. */
function judgeInJob(lock: StateLock, job: NonNullable<Witness["job"]>): Verdict {
  if (job.resourceGroup === undefined)
    return { dead: false, reason: "the job does not tell its resource group in SLIPWAY_RESOURCE_GROUP" };
  if (!(lock.since < job.started)) return { dead: false, reason: "it is younger than this job" };
  return {
    dead: true,
    reason: `it is older than this job, and the resource group ${job.resourceGroup} runs one job at a time`,
  };
}

function judgeHere(lock: StateLock, witness: Witness): Verdict {
  if (lock.hostname !== witness.hostname) return { dead: false, reason: "it was made on another machine" };
  const seen = witness.process(lock.pid);
  if (seen === undefined) return { dead: true, reason: "that process is gone" };
  if (seen === "unknown") return { dead: false, reason: "that process exists, and nothing more can be seen of it" };
  // A clock that was set forward makes every process look younger; a pulumi is left alone whatever its age.
  if (seen.command === "pulumi") return { dead: false, reason: "that process is at work" };
  if (seen.started <= lock.since + clockTolerance)
    return { dead: false, reason: `that process, ${seen.command}, is at work` };
  return { dead: true, reason: `that process is gone; its number now belongs to ${seen.command}, which started later` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
