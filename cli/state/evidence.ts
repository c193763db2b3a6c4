import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename } from "node:path";
import type { Evidence, RunningProcess } from "./lock.ts";

/** The evidence that this machine, and the CI job that runs on it, give about the holders of locks. */
export function localEvidence(environment: NodeJS.ProcessEnv): Evidence {
  const here = { hostname: hostname(), process: processOf };
  const { CI_JOB_STARTED_AT: started } = environment;
  if (started === undefined) return here;
  const group = environment["SLIPWAY_RESOURCE_GROUP"];
  return { ...here, job: { started: Date.parse(started), resourceGroup: group === "" ? undefined : group } };
}

function processOf(pid: number): RunningProcess | "unknown" | undefined {
  if (!exists(pid)) return undefined;
  try {
    const [, command = "", fields = ""] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    const ticks = Number(fields.split(" ")[startTime]);
    return Number.isFinite(ticks)
      ? { command: basename(command), started: bootTime() + (ticks / ticksPerSecond) * 1000 }
      : "unknown";
  } catch {
    return exists(pid) ? "unknown" : undefined;
  }
}

/** Index of the start time in /proc/<pid>/stat, counted behind the command's name. */
const startTime = 19;
/** The unit of that start time, which is the same on every machine. */
const ticksPerSecond = 100;

function bootTime(): number {
  return Number(/^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]) * 1000;
}

/** Tells whether a process exists, also one of another user. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
