import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import type { DocumentMap } from "../document/document.ts";
import type { PlannedDocument } from "./planned-document.ts";

/** A delivered file as a server has it: its bytes, and which document wrote them. */
export interface WrittenFile {
  readonly path: string;
  /** Of what is there now, empty where nothing is. */
  readonly sha256: string;
  /** Number of the document that wrote it last. */
  readonly written: string;
}

/**
 * Which document will have written each file last, once `files` is applied: a file that has its bytes already is not written again. A container sees a replaced file
 * only after a restart, so these numbers stand in the documents of the services that mount them.
 */
export function writtenFiles(files: PlannedDocument, known: readonly WrittenFile[]): WrittenFile[] {
  return Object.entries(contents(files)).map(([path, content]) => {
    const sha256 = createHash("sha256").update(content).digest("hex");
    const there = known.find((file) => file.path === path && file.sha256 === sha256);
    return { path, sha256, written: there?.written ?? files.number };
  });
}

/** What a mount depends on: the number of the file, or those of all files below the folder. */
export function writtenBelow(files: readonly WrittenFile[], path: string): string {
  const below = files.filter((file) => file.path === path || file.path.startsWith(`${path}/`));
  return [...new Set(below.map(({ written }) => written))].sort().join(" ");
}

function contents({ document }: PlannedDocument): Record<string, Uint8Array> {
  const files = document.body["files"] as DocumentMap | undefined;
  const entries = Object.entries(files ?? {}).map(([path, file]): [string, Uint8Array] => {
    const content = typeof file === "object" && !(file instanceof Uint8Array) ? file["content"] : undefined;
    return [path, content instanceof Uint8Array ? content : Buffer.of()];
  });
  return Object.fromEntries(entries);
}
