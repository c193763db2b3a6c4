import { existsSync, readFileSync, readlinkSync } from "node:fs";

/**
 * The owner of a run that is needed as long as this process runs, in the form
 * `process:<pid>:<start>:<namespace>:<boot>`. Other runs use it to recognise remains.
 */
export function thisProcess(): string {
  return ["process", String(process.pid), startOf(process.pid), pidNamespace(), bootId()].join(":");
}

/** The owner of a run that is needed as long as a file exists: of servers that were started by hand. */
export function fileOwner(path: string): string {
  return `file:${path}`;
}

/** True if a run's owner is certainly gone. An owner that cannot be checked, as in another container, is not. */
export function isGone(owner: string): boolean {
  const [kind, ...rest] = owner.split(":");
  if (kind === "file") return !existsSync(rest.join(":"));
  if (kind !== "process") return false;
  const [pid = "", start = "", namespace = "", boot = ""] = rest;
  if (boot !== bootId()) return true;
  if (namespace !== pidNamespace()) return false;
  return startOf(Number(pid)) !== start;
}

/** The start time of a process in clock ticks since boot; it distinguishes processes that had the same number. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the name in parentheses, which may contain blanks; the start time is the 22nd field.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function pidNamespace(): string {
  return readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
