import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/**
 * Edits of a case's files that follow slipway's own messages: texts that stand there once, and their heirs. Without
 * `from` the file is new, as where a message asks for one that the case lacks.
 */
const editsSchema = z.array(z.strictObject({ file: z.string(), from: z.string().optional(), to: z.string() }));

/** More is not following a message, but writing another file. */
const most = 3;

/** Slipway's own files, in which a user writes whatever a message asks for. */
const configuration = /^(Pulumi(\.[^.]+)?\.yaml|release\.json)$/;

/** Applies the edits of a file to a copy of a case. Returns the number of lines of compose files that they change. */
export function applyEdits(file: string, copy: string): number {
  const edits = existsSync(file) ? editsSchema.parse(parse(readFileSync(file, "utf8"))) : [];
  const counted = edits.filter((edit) => !configuration.test(edit.file));
  const count = counted.reduce((sum, { from, to }) => sum + (from === undefined ? 0 : changedLines(from, to)), 0);
  if (count > most) throw new Error(`${file}: changes ${count} lines, and a message is followed in ${most}`);
  for (const { file: name, from, to } of edits) {
    const path = join(copy, name);
    if (from === undefined) {
      addFile(path, to);
      continue;
    }
    const parts = readFileSync(path, "utf8").split(from);
    if (parts.length !== 2) throw new Error(`${file}: ${name} holds the text ${parts.length - 1} times: ${from}`);
    writeFileSync(path, parts.join(to));
  }
  return count;
}

function addFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { flag: "wx" });
}

/** The number of lines that are new, or gone without a new one. */
export function changedLines(from: string, to: string): number {
  const [before, after] = [from, to].map((text) => text.split("\n"));
  const added = (after ?? []).filter((line) => before?.includes(line) !== true).length;
  const removed = (before ?? []).filter((line) => after?.includes(line) !== true).length;
  return Math.max(added, removed);
}
