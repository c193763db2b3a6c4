import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { systemError } from "./system-error.ts";

/** Finds a program as a shell would: in PATH, unless its name holds a slash. */
export function findExecutable(name: string): string {
  if (name.includes("/")) return name;
  const candidates = (process.env["PATH"] ?? "").split(delimiter).map((directory) => join(directory, name));
  const found = candidates.find(isExecutable);
  if (found === undefined) throw new Error(`exec: "${name}": executable file not found in $PATH`);
  return found;
}

/** Refuses a working directory that is not there; otherwise the program itself would be blamed. */
export function checkDirectory(directory: string): void {
  try {
    statSync(directory);
  } catch (error) {
    throw new Error(`chdir ${directory}: ${systemError(error)}`);
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
