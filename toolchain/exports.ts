import { quoteWords } from "../model/shell.ts";
import { toolEnvironment } from "./environment.ts";

/** Lines for a shell that make it see this checkout's pulumi, plugins and Node: what differs from the shell's own environment. */
export function environmentExports(): string {
  return Object.entries(toolEnvironment({ PATH: "" }))
    .filter(([name]) => name !== "NODE_OPTIONS") // they would reach whatever else is started from that shell
    .map(([name, value = ""]) => exportLine(name, value))
    .join("\n");
}

function exportLine(name: string, value: string): string {
  const quoted = quoteWords([value]);
  return name === "PATH" ? `export PATH=${quoted}"$PATH"` : `export ${name}=${quoted}`;
}
