import { readFileSync } from "node:fs";
import { memoryForColour } from "../../model/facts/fitness.ts";
import { Failure } from "../failure.ts";

/** Refuses a colour whose limits do not fit into the memory that is free right before it starts (SEC-B7, F16, E12). */
export function requireMemory(needed: number | undefined, number: string, available = memoryAvailable()): void {
  const problem = memoryForColour(needed ?? 0, available);
  if (problem === undefined) return;
  throw new Failure("release", `${problem.what} (document ${number}); ${problem.todo}`);
}

/** Bytes that new processes may use, as the kernel estimates them. */
function memoryAvailable(): number {
  const [, kilobytes] = /^MemAvailable:\s+([0-9]+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8")) ?? [];
  return Number(kilobytes ?? 0) * 1024;
}
