import { z } from "zod";
import { parseJson } from "../../model/json.ts";

const lockSchema = z.object({ pid: z.number(), username: z.string(), hostname: z.string(), timestamp: z.string() });

/** The lock of a stack's state, as Pulumi's own backends write it: its holder, and the time it was taken. */
export interface StateLock {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  /** Milliseconds. */
  readonly since: number;
  /** The resource group of the CI job that holds it. `slipway` notes it beside the lock, which has no room for it. */
  readonly resourceGroup?: string | undefined;
}

/** Reads a lock; undefined if the text is none, or none yet. */
export function readStateLock(text: string): StateLock | undefined {
  const { success, data } = lockSchema.safeParse(parseJson(text));
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
  const { seen, ...here } = judgeHere(lock, evidence);
  return evidence.job === undefined || seen ? here : judgeInJob(lock, evidence.job);
}

/**
 * In CI, containers reuse names and process ids, so a process that is missing proves nothing; the order of the jobs
 * does, for a lock that a job of the same resource group took.
 */
function judgeInJob(lock: StateLock, job: NonNullable<Evidence["job"]>): Verdict {
  if (job.resourceGroup === undefined)
    return { dead: false, reason: "the job does not name its resource group in SLIPWAY_RESOURCE_GROUP" };
  if (lock.resourceGroup === undefined)
    return { dead: false, reason: "no job's note is beside it, so a person or another tool may hold it" };
  if (lock.resourceGroup !== job.resourceGroup)
    return { dead: false, reason: `a job of the resource group ${lock.resourceGroup} took it, and not of this one's` };
  if (!(lock.since < job.started)) return { dead: false, reason: "it is younger than this job" };
  return {
    dead: true,
    reason: `it is older than this job, and the resource group ${job.resourceGroup} runs one job at a time`,
  };
}

/** Judges by the processes of this machine. `seen` tells that there is a process which may be the holder. */
function judgeHere(lock: StateLock, evidence: Evidence): Verdict & { readonly seen: boolean } {
  if (lock.hostname !== evidence.hostname)
    return { dead: false, reason: "it was made on another machine", seen: false };
  const found = evidence.process(lock.pid);
  if (found === undefined) return { dead: true, reason: "that process is gone", seen: false };
  const alive = (reason: string) => ({ dead: false, reason, seen: true });
  if (found === "unknown") return alive("that process exists, and nothing more can be seen of it");
  // A clock that was set forward makes every process look younger, so a pulumi counts as alive whatever its age.
  if (found.command === "pulumi") return alive("that process is at work");
  if (found.started <= lock.since + clockTolerance) return alive(`that process, ${found.command}, is at work`);
  const reason = `that process is gone; its number now belongs to ${found.command}, which started later`;
  return { dead: true, reason, seen: false };
}
