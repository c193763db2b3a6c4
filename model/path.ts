import { posix } from "node:path";

/** Relative paths are seen from a folder with so many above it that no `..` of a compose file leads to the top. */
const here = "/here".repeat(20);

/** The path from a folder to what lies in it, `.` for the folder itself; undefined for what lies elsewhere. */
export function pathIn(folder: string, path: string): string | undefined {
  if (folder.startsWith("~") !== path.startsWith("~")) return undefined;
  const relative = posix.relative(absolute(folder), absolute(path));
  return relative === ".." || relative.startsWith("../") ? undefined : relative || ".";
}

/** Tells if a path is that of a folder, or lies below it. */
export function isInside(path: string, folder: string): boolean {
  return pathIn(folder, path) !== undefined;
}

function absolute(path: string): string {
  return posix.resolve(here, path);
}
