import { join } from "node:path";
import { Installer, type Outcome } from "./installer.ts";
import { here, type Place } from "./cache/place.ts";
import { describeError, ToolProblem } from "./problem.ts";
import type { Say } from "./progress.ts";
import { sweep } from "./cache/stage.ts";
import type { Tool } from "./tool.ts";

/** What a run achieved, and everything that kept it from the rest. */
interface Attempt {
  readonly outcomes: readonly Outcome[];
  /** One message for each problem, sorted; empty where every tool is present. */
  readonly problems: readonly string[];
}

/** Tries to make all the tools present; one that cannot be had does not keep the others away. */
export async function attemptTools(tools: readonly Tool[], say: Say, place: Place = here): Promise<Attempt> {
  await sweep(place);
  const installer = new Installer(place, say);
  const results = await Promise.allSettled(tools.map((tool) => installer.ensure(tool)));
  const reasons = results.flatMap((result): unknown[] => (result.status === "rejected" ? [result.reason] : []));
  // A tool that several others need fails for each of them with the same error.
  const problems = [...new Set(reasons)].map(describeError).sort();
  return { outcomes: await installer.outcomes(), problems };
}

/** Makes tools present, or says in one error everything that keeps it from doing so. What tests and test servers call. */
export async function ensureTools(tools: readonly Tool[], say: Say, place: Place = here): Promise<readonly Outcome[]> {
  const { outcomes, problems } = await attemptTools(tools, say, place);
  if (problems.length > 0) throw new ToolProblem(problems.join("\n"));
  return outcomes;
}

/** The path of a tool's command, once the tool is present: by default the command named as the tool is. */
export function toolPath(tool: Tool, command: string = tool.name, place: Place = here): string {
  return join(place.binDirectory, command);
}
