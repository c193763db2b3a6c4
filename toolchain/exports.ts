import { quoteWords } from "../model/shell.ts";
import { toolEnvironment } from "./environment.ts";

/** The `export` lines by which a shell finds this checkout's pulumi, plugins and Node. */
export function environmentExports(): string {
  return Object.entries(toolEnvironment({ PATH: "" }))
    .filter(([name]) => name !== "NODE_OPTIONS") // it would affect every other Node program of that shell
    .map(([name, value = ""]) => exportLine(name, value))
    .join("\n");
}

function exportLine(name: string, value: string): string {
  const quoted = quoteWords([value]);
  return name === "PATH" ? `export PATH=${quoted}"$PATH"` : `export ${name}=${quoted}`;
}
