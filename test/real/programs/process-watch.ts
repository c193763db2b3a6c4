// Searches the command lines and environments of this machine's processes for patterns, again and again. It covers the
// runner's own processes and those of test servers, whose containers run on this kernel. It reads one line from stdin,
// `{patterns, servers}` (servers: the ids of their first processes), searches until stdin ends, and prints `{searches,
// sides, hits}`.
import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

interface Order {
  readonly patterns: readonly string[];
  readonly servers: readonly number[];
}

/** Undefined for a process that has ended. */
function unlessEnded<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const mountNamespace = (pid: number | string): string | undefined =>
  unlessEnded(() => readlinkSync(`/proc/${pid}/ns/mnt`));

/**
 * The side on which a process runs. It is undefined for processes in containers of a server: their environments hold
 * secrets by design.
 */
function sideOf(places: ReadonlyMap<string, string>, pid: string): string | undefined {
  const place = mountNamespace(pid);
  return place === undefined ? undefined : places.get(place);
}

/** Names a process. Pulumi's own process for the program has a name apart: the engine gives it the configuration. */
function nameOf(pid: string): string {
  const words = unlessEnded(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")) ?? "";
  if (words.includes("/@pulumi/pulumi/cmd/run")) return "the program";
  return unlessEnded(() => readFileSync(`/proc/${pid}/comm`, "utf8").trim()) ?? "an ended process";
}

/** The last clean content by process and side: nearly all processes are unchanged since the last search. */
const clean = new Map<string, Buffer>();

function isClean(place: string, bytes: Buffer, patterns: readonly Buffer[]): boolean {
  if (clean.get(place)?.equals(bytes) === true) return true;
  if (patterns.some((pattern) => bytes.includes(pattern))) return false;
  clean.set(place, bytes);
  return true;
}

function searchAll(places: ReadonlyMap<string, string>, patterns: readonly Buffer[], hits: Set<string>): void {
  for (const pid of readdirSync("/proc")) {
    const side = /^\d+$/.test(pid) ? sideOf(places, pid) : undefined;
    if (side === undefined) continue;
    for (const kind of ["cmdline", "environ"]) {
      const bytes = unlessEnded(() => readFileSync(`/proc/${pid}/${kind}`));
      if (bytes === undefined || isClean(`${side} ${pid} ${kind}`, bytes, patterns)) continue;
      // A process on its way into a container has changed its side meanwhile.
      const after = mountNamespace(pid);
      if (after !== undefined && places.get(after) !== side) continue;
      hits.add(`${side}: ${kind} of ${nameOf(pid)}`);
    }
  }
}

const lines = createInterface({ input: process.stdin });
const ended = { yet: false };
lines.once("close", () => (ended.yet = true));
const first: unknown = await new Promise((resolve) => lines.once("line", (line) => resolve(JSON.parse(line))));
const { patterns, servers } = first as Order;
const bytes = patterns.map((pattern) => Buffer.from(pattern));
const places = new Map<string, string>(
  [["self", "runner"] as const, ...servers.map((pid) => [pid, "server"] as const)].flatMap(([pid, side]) => {
    const place = mountNamespace(pid);
    return place === undefined ? [] : [[place, side] as const];
  }),
);
const hits = new Set<string>();
let searches = 0;
while (!ended.yet) {
  const began = performance.now();
  searchAll(places, bytes, hits);
  searches += 1;
  // Half of the time is left to the watched processes.
  await pause(performance.now() - began);
}
process.stdout.write(JSON.stringify({ searches, sides: [...new Set(places.values())], hits: [...hits].sort() }));
