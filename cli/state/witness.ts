import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename } from "node:path";
import type { SeenProcess, Witness } from "./lock.ts";

/** What this machine, or the CI job that runs on it, can tell about the holders of locks. */
export function witnessHere(environment: NodeJS.ProcessEnv): Witness {
  const here = { hostname: hostname(), process: seen };
  const { CI_JOB_STARTED_AT: started } = environment;
  if (started === undefined) return here;
  const group = environment["SLIPWAY_RESOURCE_GROUP"];
  return { ...here, job: { started: Date.parse(started), resourceGroup: group === "" ? undefined : group } };
}

function seen(pid: number): SeenProcess | "unknown" | undefined {
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

/** Place of the start time among the fields behind the command's name, in the kernel's list of them. */
const startTime = 19;
/** The kernel counts in these for every program, whatever its own clock does. */
const ticksPerSecond = 100;

function bootTime(): number {
  return Number(/^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]) * 1000;
}

/** Also true of a process of another user. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
