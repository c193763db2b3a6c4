import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** A sum of a file with its executable bit, or of all files below a folder; undefined if there is neither. */
export function contentOf(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  if (!statSync(path).isDirectory()) return `file ${sumOf(readFileSync(path))}${modeOf(path)}`;
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) return undefined;
  const lines = files.map((file) => `${relative(path, file)} ${sumOf(readFileSync(file))}${modeOf(file)}`);
  return `folder of ${files.length} files ${sumOf(lines.join("\n"))}`;
}

/** The sum of a text that becomes a file. */
export function contentOfText(text: string): string {
  return `file ${sumOf(text)}`;
}

function modeOf(file: string): string {
  return (statSync(file).mode & 0o100) === 0 ? "" : " executable";
}

function sumOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 12);
}
