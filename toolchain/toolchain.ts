import { join } from "node:path";
import { Installer, type Outcome } from "./installer.ts";
import { here, type Place } from "./cache/place.ts";
import { UserError, type Problem } from "../model/problem.ts";
import type { Say } from "./progress.ts";
import { sweep } from "./cache/stage.ts";
import type { Tool } from "./tool.ts";

/** The tools that a run made present, and the problems with the others. */
interface Attempt {
  readonly outcomes: readonly Outcome[];
  /** Empty if every tool is present. */
  readonly problems: readonly Problem[];
}

/** Tries to make all the tools present; a tool that fails does not stop the others. */
export async function attemptTools(tools: readonly Tool[], say: Say, place: Place = here): Promise<Attempt> {
  await sweep(place);
  const installer = new Installer(place, say);
  const results = await Promise.allSettled(tools.map((tool) => installer.ensure(tool)));
  const reasons = results.flatMap((result): unknown[] => (result.status === "rejected" ? [result.reason] : []));
  // A tool that several others need fails for each of them with the same error.
  const problems = [...new Set(reasons)].flatMap((reason) => {
    if (reason instanceof UserError) return reason.problems;
    throw reason;
  });
  return { outcomes: await installer.outcomes(), problems };
}

/** Makes tools present, or throws one error that lists all problems. */
export async function ensureTools(tools: readonly Tool[], say: Say, place: Place = here): Promise<readonly Outcome[]> {
  const { outcomes, problems } = await attemptTools(tools, say, place);
  if (problems.length > 0) throw new UserError(problems);
  return outcomes;
}

/** The path of a command of a present tool, by default of the command that has the tool's name. */
export function toolPath(tool: Tool, command: string = tool.name, place: Place = here): string {
  return join(place.binDirectory, command);
}
