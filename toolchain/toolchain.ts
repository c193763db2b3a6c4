import { join } from "node:path";
import { Installer, type Outcome } from "./installer.ts";
import { here, type Place } from "./place.ts";
import { describeError, ToolProblem } from "./problem.ts";
import type { Say } from "./progress.ts";
import { sweep } from "./stage.ts";
import type { Tool } from "./tool.ts";

/** Makes tools present, or says in one error everything that keeps it from doing so. What tests and test servers call. */
export async function ensureTools(tools: readonly Tool[], say: Say, place: Place = here): Promise<readonly Outcome[]> {
  await sweep(place);
  const installer = new Installer(place, say);
  const results = await Promise.allSettled(tools.map((tool) => installer.ensure(tool)));
  const problems = results.flatMap((result): unknown[] => (result.status === "rejected" ? [result.reason] : []));
  // A tool that several others need fails for each of them with the same error.
  const messages = [...new Set(problems)].map(describeError).sort();
  if (messages.length > 0) throw new ToolProblem(messages.join("\n"));
  return await installer.outcomes();
}

/** The path of a tool's command, once the tool is present: by default the command named as the tool is. */
export function toolPath(tool: Tool, command: string = tool.name, place: Place = here): string {
  return join(place.binDirectory, command);
}
