import type { Observation } from "./observation.ts";
import type { Problem } from "../problem.ts";

/**
 * Requires that a stack's directory is new, empty or its own. Slipway sets owner and mode of the directory, so a folder
 * of somebody else, such as a web site, would no longer work for them (SEC-B4).
 */
export function ensureDirectoryIsOurs({ directory }: Pick<Observation, "directory">): Problem[] {
  if (directory?.state === "foreign") {
    const what = `holds files that slipway did not put there, got '${directory.path}'`;
    return [{ path: "directory", what, todo: "choose a directory that does not exist yet, or an empty one" }];
  }
  if (directory?.state === "unusable" && directory.writable) {
    const what = `is a link on the server, got '${directory.path}'`;
    return [{ path: "directory", what, todo: `choose the folder itself, which is '${directory.real}'` }];
  }
  return [];
}
