import type { Difference } from "../../model/facts/observation.ts";
import { formDifferences, modeText, rootOnly } from "./owner.ts";
import { Tree } from "./tree.ts";

/** The folder of files with one secret each. A container sees the file that it mounts; only root enters the folder. */
export const secretFolder = "secrets";

/** The mode of that folder. */
export const secretFolderMode = rootOnly.mode;

/** Tells whether one of these paths lies in the folder. */
export function usesSecretFolder(paths: Iterable<string>): boolean {
  return [...paths].some((path) => path.startsWith(`${secretFolder}/`));
}

/** What lets others look into the folder. One that is missing is no difference: its files are missing, too. */
export function secretFolderDifferences(directory: string, path = secretFolder): Difference[] {
  const found = new Tree(directory).at(path, (parent, name) => parent.stat(name));
  if (found === undefined) return [];
  if (!found.isDirectory()) return [{ where: path, expected: "folder", found: "no folder" }];
  return formDifferences(path, { owner: "root", mode: modeText(rootOnly) }, found);
}

/** Closes the folder to others, before anything is written there. */
export function closeSecretFolder(directory: string, path = secretFolder): void {
  new Tree(directory).at(path, (parent, name) => {
    using folder = parent.folder(name);
    folder?.setAccess(rootOnly);
  });
}
