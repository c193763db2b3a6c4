import { readFileSync } from "node:fs";
import { machine } from "node:os";
import type { Observation } from "../../model/facts/observation.ts";

/** The id by which this server is recognised; empty where it has none. */
export function machineId(): string {
  try {
    return readFileSync("/etc/machine-id", "utf8").split("\n")[0]?.trim() ?? "";
  } catch {
    return "";
  }
}

/** The facts of the server itself, apart from those of its engine. */
export function machineFacts(): Omit<Observation["host"], "engine" | "compose"> {
  return {
    machine: machineId(),
    boot: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
    architecture: machine(),
    memoryTotal: bytesOf("MemTotal"),
    memoryAvailable: memoryAvailable(),
    clock: Date.now(),
  };
}

/** Bytes that new processes may use, as the kernel estimates them. */
export function memoryAvailable(): number {
  return bytesOf("MemAvailable");
}

/** An amount of /proc/meminfo, which counts in kilobytes. */
function bytesOf(name: string): number {
  const memory = readFileSync("/proc/meminfo", "utf8");
  const [, amount = "0"] = new RegExp(`^${name}: +(\\d+) kB$`, "m").exec(memory) ?? [];
  return Number(amount) * 1024;
}
