import { Buffer } from "node:buffer";

/** The numbers of added and removed lines. */
interface ChangedLines {
  readonly added: number;
  readonly removed: number;
}

/** The limit in pairs of lines beyond which the smallest diff takes too long, and only shared lines are counted. */
const mostPairs = 4_000_000;

/** Counts the lines of a diff of two texts; undefined if one of them is not a text. */
export function changedLines(from: Uint8Array, to: Uint8Array): ChangedLines | undefined {
  if ([from, to].some((bytes) => bytes.includes(0))) return undefined;
  const [old, now] = [linesOf(from), linesOf(to)];
  const kept = old.length * now.length > mostPairs ? sharedLines(old, now) : longestCommon(old, now);
  return { added: now.length - kept, removed: old.length - kept };
}

function linesOf(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString("utf8");
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** The length of the longest common subsequence of lines. */
function longestCommon(old: readonly string[], now: readonly string[]): number {
  let above = new Uint32Array(now.length + 1);
  for (const line of old) {
    const row = new Uint32Array(now.length + 1);
    for (const [at, other] of now.entries()) {
      row[at + 1] = line === other ? (above[at] ?? 0) + 1 : Math.max(above[at + 1] ?? 0, row[at] ?? 0);
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}

/** The number of lines that both have, in any order. */
function sharedLines(old: readonly string[], now: readonly string[]): number {
  const remaining = new Map<string, number>();
  for (const line of old) remaining.set(line, (remaining.get(line) ?? 0) + 1);
  return now.filter((line) => {
    const count = remaining.get(line) ?? 0;
    remaining.set(line, count - 1);
    return count > 0;
  }).length;
}
