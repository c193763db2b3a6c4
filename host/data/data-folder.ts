import { basename, dirname, join, relative } from "node:path";
import { realpathSync } from "node:fs";
import { isFolder } from "../../model/data-place.ts";
import { systemCode } from "../failure.ts";
import { Folder, NoFolder } from "../files/folder.ts";
import { liesIn, nearestExisting, realPath } from "../files/real-path.ts";

/** Owner and mode of a folder that Docker makes for a bind mount. */
const asDocker = { mode: 0o755, uid: 0, gid: 0 };

/**
 * The outermost data folder around one, or the folder itself. The links in its path are the administrator's; below it
 * a container may have put one, so none is followed there.
 */
export function outermostFolder(path: string, volumes: readonly string[]): string {
  const around = volumes.filter((volume) => isFolder(volume) && liesIn(path, volume));
  return around.reduce((outer, folder) => (folder.length < outer.length ? folder : outer), path);
}

/** Opens a folder of the server; undefined if it is gone, or a link leads away from it. */
export function openFolder(path: string, outermost = path): Folder | undefined {
  try {
    return enter(Folder.open(realpathSync(outermost)), partsOf(outermost, path), (folder, name) => folder.folder(name));
  } catch (error) {
    if (error instanceof NoFolder || ["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return undefined;
    throw error;
  }
}

/** Makes a folder of the server and those above it that are missing, as Docker would. */
export function makeFolder(path: string, outermost = path): void {
  const real = realPath(outermost);
  const there = nearestExisting(dirname(real));
  const parts = [...partsOf(there, dirname(real)), basename(real), ...partsOf(outermost, path)];
  enter(Folder.open(there), parts, (folder, name) => folder.make(name, asDocker))?.[Symbol.dispose]();
}

function partsOf(folder: string, path: string): string[] {
  return relative(folder, join(path))
    .split("/")
    .filter((part) => part !== "");
}

/** Goes from folder to folder, and closes each behind it. */
function enter(
  first: Folder,
  parts: readonly string[],
  next: (folder: Folder, name: string) => Folder | undefined,
): Folder | undefined {
  let at: Folder | undefined = first;
  for (const name of parts) {
    if (at === undefined) return undefined;
    using behind: Folder = at;
    at = next(behind, name);
  }
  return at;
}
