import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The file that a shell would run for a command's name. An empty part of PATH, the current folder, is ignored. */
export function executableOnPath(
  command: string,
  path: string | undefined,
  without: readonly string[] = [],
): string | undefined {
  return (path ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && !without.includes(folder))
    .map((folder) => join(folder, command))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
