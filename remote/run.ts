import { randomBytes } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { timeText } from "../model/time.ts";

/** One run of slipway, as servers know it. It differs each time, so it is never part of a resource's input. */
export interface Run {
  readonly id: string;
  /** Stack, person or job, and start, in one line for other runs that wait for this one. */
  readonly holder: string;
  /** The address of the CI job; empty outside of CI. */
  readonly job: string;
}

/** Makes the id and the holder of this run. */
export function newRun(stack: string, environment: NodeJS.ProcessEnv, now: Date): Run {
  const job = jobOf(environment);
  const holder = `${stack}, ${whoRuns(environment)}, since ${timeText(now)}`;
  return { id: randomBytes(6).toString("hex"), holder, job };
}

/** The person, or the job, that runs this. */
export function whoRuns(environment: NodeJS.ProcessEnv): string {
  const job = jobOf(environment);
  return job === "" ? `${userInfo().username} on ${hostname()}` : `job ${job}`;
}

function jobOf({ CI_JOB_URL: job = "" }: NodeJS.ProcessEnv): string {
  return job;
}

/** Makes a random word that tells two attempts at the same change apart. */
export function newAttempt(): string {
  return randomBytes(4).toString("hex");
}
