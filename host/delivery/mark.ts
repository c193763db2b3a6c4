import { systemCode } from "../failure.ts";
import { draftsFolder } from "../../model/server-places.ts";
import { Folder } from "../files/folder.ts";
import { rootOnly } from "../files/owner.ts";

/**
 * The folder for drafts also marks a directory as slipway's own, since only root can make it so: where a server has
 * lost its memory, and after the removal of a stack whose data stayed.
 */
export function setMark(directory: Folder): void {
  using _mark = directory.make(draftsFolder, rootOnly);
}

/** Tells whether a directory is slipway's own. */
export function hasMark(directory: Folder): boolean {
  const mark = directory.stat(draftsFolder);
  return mark?.isDirectory() === true && mark.uid === 0 && (mark.mode & 0o7777) === rootOnly.mode;
}

/** Removes drafts of runs that died, and the mark itself if the directory holds nothing else. */
export function removeMark(path: string): void {
  try {
    using directory = Folder.open(path);
    if (!hasMark(directory)) return;
    using drafts = directory.folder(draftsFolder);
    for (const name of drafts?.names() ?? []) drafts?.remove(name);
    if (directory.names().every((name) => name === draftsFolder)) directory.removeFolder(draftsFolder);
  } catch (error) {
    if (!["ENOENT", "ENOTDIR", "ELOOP"].includes(systemCode(error) ?? "")) throw error;
  }
}
