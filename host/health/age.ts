import { readFileSync } from "node:fs";

/** Ticks of the kernel's clock in a second, on every Linux that slipway runs on. */
const ticks = 100;

/**
 * Seconds since a process of this server started; undefined if there is no such process. They are counted from the
 * server's boot, so it does not matter when somebody sets the clock (SEC-C2, F17).
 */
export function ageOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const started = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]) / ticks;
    return Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) - started;
  } catch {
    return undefined;
  }
}
