// Looks again and again at the words and the environment of every process of this machine, and says which of them hold one of the patterns: the runner's own, and those
// of test servers, whose containers run on this kernel. Reads one line from stdin, `{patterns, servers}` (servers: the process numbers of their first processes), looks
// until stdin ends, and prints `{looks, hits}`.
import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

interface Order {
  readonly patterns: readonly string[];
  readonly servers: readonly number[];
}

/** Undefined for a process that has ended. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const mounts = (pid: number | string): string | undefined => attempt(() => readlinkSync(`/proc/${pid}/ns/mnt`));

/** The side on which a process runs, undefined for those inside of containers: their own environment holds secrets by design. */
function sideOf(places: ReadonlyMap<string, string>, pid: string): string | undefined {
  const place = mounts(pid);
  return place === undefined ? undefined : places.get(place);
}

/** Pulumi's own process for the program is told apart from all others: the engine hands it the configuration. */
function nameOf(pid: string): string {
  const words = attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")) ?? "";
  if (words.includes("/@pulumi/pulumi/cmd/run")) return "the program";
  return attempt(() => readFileSync(`/proc/${pid}/comm`, "utf8").trim()) ?? "an ended process";
}

/** What was looked at last and held nothing, by process and side, since nearly all processes are what they were a moment ago. */
const innocent = new Map<string, Buffer>();

function isInnocent(place: string, bytes: Buffer, patterns: readonly Buffer[]): boolean {
  if (innocent.get(place)?.equals(bytes) === true) return true;
  if (patterns.some((pattern) => bytes.includes(pattern))) return false;
  innocent.set(place, bytes);
  return true;
}

function look(places: ReadonlyMap<string, string>, patterns: readonly Buffer[], hits: Set<string>): void {
  for (const pid of readdirSync("/proc")) {
    const side = /^\d+$/.test(pid) ? sideOf(places, pid) : undefined;
    if (side === undefined) continue;
    for (const kind of ["cmdline", "environ"]) {
      const bytes = attempt(() => readFileSync(`/proc/${pid}/${kind}`));
      if (bytes === undefined || isInnocent(`${side} ${pid} ${kind}`, bytes, patterns)) continue;
      // A process that is on its way into a container has changed its place meanwhile.
      const after = mounts(pid);
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
    const place = mounts(pid);
    return place === undefined ? [] : [[place, side] as const];
  }),
);
const hits = new Set<string>();
let looks = 0;
while (!ended.yet) {
  const began = performance.now();
  look(places, bytes, hits);
  looks += 1;
  // Half of the time is for what is watched.
  await pause(performance.now() - began);
}
process.stdout.write(JSON.stringify({ looks, sides: [...new Set(places.values())], hits: [...hits].sort() }));
