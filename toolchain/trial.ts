import { runChild } from "../process/child.ts";
import { toolEnvironment } from "./environment.ts";
import type { Place } from "./cache/place.ts";
import type { Tool } from "./tool.ts";

const deadline = 20_000;

/** What running a tool's check showed: its version, or what is wrong with it. */
export type Trial = { readonly version: string } | { readonly wrong: string };

/** Runs the tool at `command` as its check says, and holds its version against the one that is wanted. */
export async function tryTool(tool: Tool, command: string, place: Place): Promise<Trial> {
  const env = tool.environment?.(place) ?? toolEnvironment();
  const { code, stdout, stderr } = await runChild([command, ...tool.check], { env, deadline });
  if (code !== 0) return { wrong: `${command} ${tool.check.join(" ")} ended with code ${code}` };
  const version = versionIn(`${stdout}\n${stderr}`);
  if (version === undefined) return { wrong: `${command} ${tool.check.join(" ")} names no version` };
  const wanted = tool.least ?? tool.version;
  return atLeast(version, wanted) ? { version } : { wrong: `${command} is ${version}, and ${wanted} is wanted` };
}

/** The first thing that looks like a version in a command's output: "pulumi v3.259.0" gives "3.259.0". */
export function versionIn(text: string): string | undefined {
  return /\d+(?:\.\d+)+/.exec(text)?.[0];
}

/** Whether `version` is `wanted` or newer, comparing number by number. */
export function atLeast(version: string, wanted: string): boolean {
  const have = version.split(".").map(Number);
  const want = wanted.split(".").map(Number);
  const differs = want.findIndex((part, index) => part !== (have[index] ?? 0));
  return differs === -1 || (have[differs] ?? 0) > (want[differs] ?? 0);
}
