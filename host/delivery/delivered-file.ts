import type { Stats } from "node:fs";
import { messageOf } from "../../model/problem.ts";
import { NoFolder, type Folder } from "../files/folder.ts";
import type { FileForm } from "../files/owner.ts";
import { mostBytes, sumOf } from "../files/read.ts";
import type { Tree } from "../files/tree.ts";

/** A file as it must be. */
export interface DeliveredFile extends FileForm {
  readonly content: Uint8Array;
}

/** What is there in the place of a file. */
export function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return "link";
  if (stats.isDirectory()) return "directory";
  return "no file";
}

/** What stands in the way to a file, if a folder of its path was replaced. */
export function detourOn(tree: Tree, path: string): string | undefined {
  try {
    tree.at(path, () => undefined);
    return undefined;
  } catch (error) {
    if (error instanceof NoFolder) return messageOf(error);
    throw error;
  }
}

/** The sum of a file's bytes; undefined if no file is there. */
export function sumIn(parent: Folder, name: string): string | undefined {
  const found = parent.stat(name);
  if (found?.isFile() !== true) return undefined;
  if (found.size > mostBytes) return "of more bytes than any document brings";
  const content = parent.read(name);
  return content && sumOf(content);
}
