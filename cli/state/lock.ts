import { z } from "zod";

const lockSchema = z.object({ pid: z.number(), username: z.string(), hostname: z.string(), timestamp: z.string() });

/** The lock of a stack's state, as Pulumi's own backends write it: its holder, and the time it was taken. */
export interface StateLock {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  /** Milliseconds. */
  readonly since: number;
}

/** Reads a lock; undefined if the text is none, or none yet. */
export function readStateLock(text: string): StateLock | undefined {
  const { success, data } = lockSchema.safeParse(parsed(text));
  if (!success) return undefined;
  const { timestamp, ...holder } = data;
  const since = Date.parse(timestamp);
  return Number.isNaN(since) ? undefined : { ...holder, since };
}

/** A process of this machine. */
export interface RunningProcess {
  readonly command: string;
  /** Milliseconds. */
  readonly started: number;
}

/** The facts known here by which the holder of a lock is judged. */
export interface Evidence {
  readonly hostname: string;
  /** The process with this id; undefined if there is none, "unknown" if it cannot be examined. */
  process(pid: number): RunningProcess | "unknown" | undefined;
  /** This CI job; only one job of its resource group, and so of the stack, runs at a time. */
  readonly job?: { readonly started: number; readonly resourceGroup: string | undefined };
}

/** A decision about the holder of a lock. */
interface Verdict {
  /** The holder is provably dead. */
  readonly dead: boolean;
  readonly reason: string;
}

/** Running clocks are adjusted a little. A process that started this much later than a lock did not take it. */
const clockTolerance = 5_000;

/** Judges the holder of a lock. It counts as alive unless the opposite is proven. */
export function judgeLock(lock: StateLock, evidence: Evidence): Verdict {
  return evidence.job === undefined ? judgeHere(lock, evidence) : judgeInJob(lock, evidence.job);
}

/** In CI, containers reuse names and process ids, so these prove nothing; the order of the jobs does. */
function judgeInJob(lock: StateLock, job: NonNullable<Evidence["job"]>): Verdict {
  if (job.resourceGroup === undefined)
    return { dead: false, reason: "the job does not name its resource group in SLIPWAY_RESOURCE_GROUP" };
  if (!(lock.since < job.started)) return { dead: false, reason: "it is younger than this job" };
  return {
    dead: true,
    reason: `it is older than this job, and the resource group ${job.resourceGroup} runs one job at a time`,
  };
}

function judgeHere(lock: StateLock, evidence: Evidence): Verdict {
  if (lock.hostname !== evidence.hostname) return { dead: false, reason: "it was made on another machine" };
  const found = evidence.process(lock.pid);
  if (found === undefined) return { dead: true, reason: "that process is gone" };
  if (found === "unknown") return { dead: false, reason: "that process exists, and nothing more can be seen of it" };
  // A clock that was set forward makes every process look younger, so a pulumi counts as alive whatever its age.
  if (found.command === "pulumi") return { dead: false, reason: "that process is at work" };
  if (found.started <= lock.since + clockTolerance)
    return { dead: false, reason: `that process, ${found.command}, is at work` };
  return {
    dead: true,
    reason: `that process is gone; its number now belongs to ${found.command}, which started later`,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
