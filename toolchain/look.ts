import { UserError, type Problem } from "../model/problem.ts";
import { here, type Place } from "./cache/place.ts";
import { findToolOrSource } from "./installer.ts";
import type { Installed, Run, Tool } from "./tool.ts";

/** What was found of a tool: it is present, a run would get it from a source, nothing can provide it, or not known. */
export type Look = { readonly tool: Tool } & (
  | { readonly installed: Installed }
  | { readonly source: string }
  | { readonly problem: Problem }
  | { readonly waitsFor: string }
);

/** Looks for tools, and installs none. */
export async function lookForTools(tools: readonly Tool[], place: Place = here): Promise<readonly Look[]> {
  return await Promise.all(tools.map((tool) => lookFor(tool, place)));
}

async function lookFor(tool: Tool, place: Place): Promise<Look> {
  try {
    const found = await findToolOrSource(tool, new Looking(place));
    return "source" in found ? { tool, source: found.source.name } : { tool, installed: found };
  } catch (error) {
    if (error instanceof AbsentTool) return { tool, waitsFor: error.tool };
    if (!(error instanceof UserError)) throw error;
    const [problem] = error.problems;
    if (problem === undefined) throw error;
    return { tool, problem };
  }
}

/** A tool that another one needs, and that is not present. */
class AbsentTool extends Error {
  readonly tool: string;

  constructor(tool: string) {
    super(`${tool} is not present`);
    this.tool = tool;
  }
}

/** A run that installs nothing. */
class Looking implements Run {
  readonly place: Place;

  constructor(place: Place) {
    this.place = place;
  }

  async use(tool: Tool): Promise<Installed> {
    const found = await findToolOrSource(tool, this);
    if ("source" in found) throw new AbsentTool(tool.name);
    return found;
  }
}
