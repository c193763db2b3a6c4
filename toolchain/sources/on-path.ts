import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join, relative, sep } from "node:path";
import { executableOnPath } from "../../process/executable.ts";
import type { Place } from "../cache/place.ts";
import type { Run, Source, Tool } from "../tool.ts";
import { tryTool, type Trial } from "../trial.ts";

interface OnPathOptions {
  /** A file that must be in the same folder as the command. */
  readonly beside?: string;
}

/** A command that is on PATH already and new enough; our own links on PATH do not count. */
export function onPath(command: string, options: OnPathOptions = {}): Source {
  const look = async (tool: Tool, run: Run): Promise<{ file: string; trial: Trial } | string> => {
    const file = findOnPath(command, run.place);
    if (file === undefined) return "not on PATH";
    if (options.beside !== undefined && !existsSync(join(dirname(realpathSync(file)), options.beside)))
      return `${file} has no ${options.beside} beside it`;
    return { file, trial: await tryTool(tool, file, run.place) };
  };
  return {
    name: "PATH",
    forecast: "",
    async present(tool, run) {
      const found = await look(tool, run);
      if (typeof found === "string" || "problem" in found.trial) return undefined;
      const { version } = found.trial;
      return { origin: "found", detail: found.file, version, commands: { [command]: found.file } };
    },
    async obstacle(tool, run) {
      const found = await look(tool, run);
      if (typeof found === "string") return found;
      return "problem" in found.trial ? found.trial.problem : "it appeared just now; run this again";
    },
    obtain: () => Promise.reject(new Error(`${command}: PATH is only searched`)),
  };
}

/**
 * The file that a shell would run for `command`. Folders of this checkout's npm packages are skipped, and so is the
 * `.slipway/bin` of any checkout, since its tools are made for that checkout alone.
 */
export function findOnPath(command: string, place: Place): string | undefined {
  const path = process.env["PATH"];
  const linked = relative(place.checkout, place.binDirectory);
  const tools = (path ?? "").split(delimiter).filter((folder) => folder.endsWith(join(sep, linked)));
  return executableOnPath(command, path, [join(place.checkout, "node_modules", ".bin"), ...tools]);
}
