import { randomBytes } from "node:crypto";
import { hostname, userInfo } from "node:os";

/** Who runs, for those who have to wait for it; never part of an input. */
export interface Run {
  /** Tells this run from any other. */
  readonly id: string;
  /** Stack, person or job, and since when, in one line. */
  readonly holder: string;
}

/** Names this run of a stack. */
export function newRun(stack: string, environment: NodeJS.ProcessEnv, now: Date): Run {
  const job = environment["CI_JOB_URL"];
  const who = job === undefined ? `${userInfo().username} on ${hostname()}` : `job ${job}`;
  const since = now.toISOString().replace(/\.\d+Z$/, "Z");
  return { id: randomBytes(6).toString("hex"), holder: `${stack}, ${who}, since ${since}` };
}

/** Tells two attempts at one change apart. */
export function newAttempt(): string {
  return randomBytes(4).toString("hex");
}
