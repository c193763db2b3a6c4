import { runChild } from "../process/child.ts";
import { toolEnvironment } from "./environment.ts";
import type { Place } from "./cache/place.ts";
import type { Tool } from "./tool.ts";

const deadline = 20_000;

/** The result of running a tool's check: its version, or a problem with it. */
export type Trial = { readonly version: string } | { readonly problem: string };

/** Runs a tool's check with `command`, and compares its version with the required one. */
export async function tryTool(tool: Tool, command: string, place: Place): Promise<Trial> {
  const env = tool.environment?.(place) ?? toolEnvironment();
  const { code, stdout, stderr } = await runChild([command, ...tool.check], { env, deadline });
  if (code !== 0) return { problem: `${command} ${tool.check.join(" ")} ended with code ${code}` };
  const version = versionIn(`${stdout}\n${stderr}`);
  if (version === undefined) return { problem: `${command} ${tool.check.join(" ")} prints no version` };
  const required = tool.least ?? tool.version;
  if (atLeast(version, required)) return { version };
  return { problem: `${command} has version ${version}, but ${required} or newer is required` };
}

/** Finds the first version in a command's output: "pulumi v3.259.0" gives "3.259.0". */
export function versionIn(text: string): string | undefined {
  return /\d+(?:\.\d+)+/.exec(text)?.[0];
}

/** Compares two versions number by number; true if `version` is `required` or newer. */
export function atLeast(version: string, required: string): boolean {
  const actualParts = version.split(".").map(Number);
  const requiredParts = required.split(".").map(Number);
  const differing = requiredParts.findIndex((part, index) => part !== (actualParts[index] ?? 0));
  return differing === -1 || (actualParts[differing] ?? 0) > (requiredParts[differing] ?? 0);
}
