import { lstatSync, readlinkSync, realpathSync, type Stats } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** Links that a path may lead through before it counts as a circle, as the kernel counts them. */
const mostLinks = 40;

/** A path with its links resolved, whether or not it exists. A circle of links stays as it is. */
export function realPath(path: string, links = mostLinks): string {
  try {
    return realpathSync(path);
  } catch {
    if (path === "/" || links === 0) return path;
    const parent = realPath(dirname(path), links);
    const at = join(parent, basename(path));
    const link = linkAt(at);
    return link === undefined ? at : realPath(resolve(parent, link), links - 1);
  }
}

/** What is at a path, of a link itself; undefined if nothing is there or the way to it leads through no folder. */
export function statAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

/** The path itself, or the nearest one above it that is there. */
export function nearestExisting(path: string): string {
  let at = path;
  while (statAt(at) === undefined && at !== "/") at = dirname(at);
  return at;
}

/** Tells whether a path is a folder or lies in it. */
export function liesIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** The target of a link; undefined where there is none. */
export function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
