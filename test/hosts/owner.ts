import { existsSync, readFileSync, readlinkSync } from "node:fs";

/**
 * Says who a run belongs to, so that others can tell whether it is still wanted: `process:<pid>:<start>:<namespace>:<boot>` as long as
 * that process lives, `file:<path>` as long as that file exists (servers started by hand).
 */
export function thisProcess(): string {
  return ["process", String(process.pid), startOf(process.pid), pidNamespace(), bootId()].join(":");
}

/** The owner of servers that outlive the command that started them. */
export function fileOwner(path: string): string {
  return `file:${path}`;
}

/** Whether a run's owner is certainly gone. Where we cannot know, such as in another container, it counts as alive. */
export function isGone(owner: string): boolean {
  const [kind, ...rest] = owner.split(":");
  if (kind === "file") return !existsSync(rest.join(":"));
  if (kind !== "process") return false;
  const [pid = "", start = "", namespace = "", boot = ""] = rest;
  if (boot !== bootId()) return true;
  if (namespace !== pidNamespace()) return false;
  return startOf(Number(pid)) !== start;
}

/** When a process started, in ticks since the machine did; with it, a number that was given again is told apart. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the name in parentheses and may hold blanks; the start is the 22nd.
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
