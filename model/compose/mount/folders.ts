import { posix } from "node:path";
import { isInside, pathIn } from "../../path.ts";
import type { FolderMount } from "../application.ts";
import type { ReaderContext } from "../context.ts";
import type { FolderEntry } from "../folder.ts";

/** Files that only keep a folder in git; they hold nothing. */
const keepers = [".gitkeep", ".keep", ".gitignore"];

/** The path of a folder in one form: `./data/` and `data` are the same. */
export function folderPath(written: string): string {
  return posix.normalize(written).replace(/(.)\/$/, "$1");
}

/** Tells if a path is a folder that the stack names, or lies below it; `.` and `/` would be everything. */
export function isOfFolder(path: string, folder: string): boolean {
  return folder !== "." && folder !== "/" && isInside(path, folder);
}

/**
 * The place on the server of a data folder, which the stack names itself or by a folder above it; undefined for any
 * other path. The nearest folder above counts.
 */
export function placeOfFolder(folders: Readonly<Record<string, string>>, path: string): string | undefined {
  const [nearest] = Object.keys(folders)
    .filter((folder) => isOfFolder(path, folder))
    .sort((one, other) => other.length - one.length);
  const place = nearest === undefined ? undefined : folders[nearest];
  if (nearest === undefined || place === undefined) return undefined;
  return posix.join(place, pathIn(nearest, path) ?? "");
}

/** Reports a data folder that git tracks, since its files would stay behind, or that is no folder. */
export function checkFolder(context: ReaderContext, { source }: FolderMount, place: string): void {
  const fault = /^[/~]/.test(source) ? undefined : folderFault(context.folder.entry(source));
  if (fault === undefined) return;
  context.problems.push({ path: place, what: `the data folder '${source}' ${fault[0]}`, todo: fault[1] });
}

function folderFault(entry: FolderEntry): readonly [what: string, todo: string] | undefined {
  if (entry.kind === "file") return ["is a file", "mount the folder that it is in, and name that folder"];
  const tracked = entry.kind === "folder" ? entry.tracked : [];
  const [file] = tracked.filter(({ path }) => !keepers.includes(posix.basename(path)));
  if (file === undefined) return undefined;
  const what = `holds files that git tracks, which would not be delivered, got '${file.path}'`;
  return [what, "remove the folder from `folders` and `data`, or mount its data from a folder of its own"];
}

/** The way out for a folder that git does not have: the stack names it, and the server keeps it. */
export function folderAdvice(path: string): string {
  const isOutside = /^(\.\.|~)/.test(path);
  const setting = isOutside ? `{ "${path}": { path: /srv/data } }` : `{ "./${path}": {} }`;
  const place = isOutside ? ", with its place there" : "";
  const other = isOutside ? "move it beside the compose file" : "commit it, or put it into an image,";
  return `set \`folders: ${setting}\` if it holds data, which the server then keeps${place}; ${other} if it does not`;
}
