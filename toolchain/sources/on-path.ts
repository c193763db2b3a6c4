import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join, relative, sep } from "node:path";
import { executableOnPath } from "../../process/executable.ts";
import type { Place } from "../cache/place.ts";
import type { Run, Source, Tool } from "../tool.ts";
import { tryTool, type Trial } from "../trial.ts";

/** What else must hold for a command on PATH to serve. */
interface OnPathOptions {
  /** A file that must lie beside the command. */
  readonly beside?: string;
}

/** A command that the machine has already, if it is new enough; what we linked ourselves does not count. */
export function onPath(command: string, options: OnPathOptions = {}): Source {
  const look = async (tool: Tool, run: Run): Promise<{ file: string; trial: Trial } | string> => {
    const file = find(command, run.place);
    if (file === undefined) return "not on PATH";
    if (options.beside !== undefined && !existsSync(join(dirname(realpathSync(file)), options.beside)))
      return `${file} has no ${options.beside} beside it`;
    return { file, trial: await tryTool(tool, file, run.place) };
  };
  return {
    name: "PATH",
    forecast: "",
    async present(tool, run) {
      const seen = await look(tool, run);
      if (typeof seen === "string" || "wrong" in seen.trial) return undefined;
      const { version } = seen.trial;
      return { origin: "found", detail: seen.file, version, commands: { [command]: seen.file } };
    },
    async obstacle(tool, run) {
      const seen = await look(tool, run);
      if (typeof seen === "string") return seen;
      return "wrong" in seen.trial ? seen.trial.wrong : "it came just now; run this again";
    },
    obtain: () => Promise.reject(new Error(`${command}: nothing can be put on PATH`)),
  };
}

/** The file that a shell would run for `command`, leaving out this checkout's packages, and the tools of any checkout: they are linked and made for that one. */
export function find(command: string, place: Place): string | undefined {
  const path = process.env["PATH"];
  const linked = relative(place.checkout, place.binDirectory);
  const tools = (path ?? "").split(delimiter).filter((folder) => folder.endsWith(join(sep, linked)));
  return executableOnPath(command, path, [join(place.checkout, "node_modules", ".bin"), ...tools]);
}
