import { Buffer } from "node:buffer";

/** How many lines of a file came and how many went. */
interface ChangedLines {
  readonly added: number;
  readonly removed: number;
}

/** Beyond so many pairs of lines nobody waits for the least difference, and the lines that both have are counted instead. */
const mostPairs = 4_000_000;

/** Counts what a reviewer would see in a comparison of two texts; undefined where one of them is no text. */
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

/** Length of the longest list of lines that both have in this order. */
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

function sharedLines(old: readonly string[], now: readonly string[]): number {
  const left = new Map<string, number>();
  for (const line of old) left.set(line, (left.get(line) ?? 0) + 1);
  return now.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count > 0;
  }).length;
}
