import { posix } from "node:path";
import type { ReaderContext } from "../context.ts";

/** The variable of every shell with the folder in which it works. Compose takes it from there. */
export const workingFolder = "PWD";

/** Fields with paths of the repository, which slipway reads itself. */
const pathFields = new Set(["env_file", "label_file", "build", "extends", "security_opt", "develop"]);

/**
 * The value of `PWD` at a place of the compose file: on a developer's machine the folder of that file. In the path of a
 * mount, a config or an env file it stays that folder. Everywhere else it is the stack's folder on the server.
 */
export function workingFolderAt(
  { directory, notes }: ReaderContext,
  folder: string,
  keys: readonly string[],
): string | undefined {
  if (directory === undefined) return undefined;
  if (isPath(keys)) return posix.relative(folder, ".") || ".";
  const note = `${workingFolder} of the compose file is ${directory}, the stack's folder on the server`;
  if (!notes.includes(note)) notes.push(note);
  return directory;
}

function isPath([first = "", second = "", ...rest]: readonly string[]): boolean {
  if (first === "volumes") return /^\d+$/.test(second);
  return pathFields.has(first) || (/^(secrets|configs)$/.test(first) && rest.at(-1) === "file");
}
