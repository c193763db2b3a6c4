import { statSync } from "node:fs";
import { executableOnPath } from "../../../process/executable.ts";
import { systemError } from "./system-error.ts";

/** Finds a program as a shell would: in PATH, unless its name holds a slash. */
export function findExecutable(name: string): string {
  if (name.includes("/")) return name;
  const found = executableOnPath(name, process.env["PATH"]);
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
