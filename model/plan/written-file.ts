import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { isMap } from "../json.ts";
import type { WrittenFile } from "../facts/observation.ts";
import type { PlannedDocument } from "./planned-document.ts";

/**
 * The delivered files after `files` is applied, each with the number of the document that wrote it last. A file that
 * already has its bytes is not written again. A container sees a replaced file only after a restart, so the documents
 * of the services that mount the files hold these numbers.
 */
export function writtenFiles(files: PlannedDocument, known: readonly WrittenFile[]): WrittenFile[] {
  return Object.entries(contents(files)).map(([path, content]) => {
    const sha256 = createHash("sha256").update(content).digest("hex");
    const there = known.find((file) => file.path === path && file.sha256 === sha256);
    return { path, sha256, written: there?.written ?? files.number };
  });
}

/** The numbers that a mount depends on: that of the file, or those of all files below the folder. */
export function writtenBelow(files: readonly WrittenFile[], path: string): string {
  const below = files.filter((file) => file.path === path || file.path.startsWith(`${path}/`));
  return [...new Set(below.map(({ written }) => written))].sort().join(" ");
}

function contents({ document }: PlannedDocument): Record<string, Uint8Array> {
  const { files } = document.body;
  const entries = Object.entries(isMap(files) ? files : {}).map(([path, file]): [string, Uint8Array] => {
    const content = isMap(file) ? file["content"] : undefined;
    return [path, content instanceof Uint8Array ? content : Buffer.of()];
  });
  return Object.fromEntries(entries);
}
