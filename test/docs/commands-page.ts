import { textOf } from "../../model/report/tone.ts";
import type { Declaration } from "../../cli/declaration/declaration.ts";
import { exitCodes } from "../../cli/exit-code.ts";
import { commandHelp, overview } from "../../cli/help.ts";

/** The text of docs/commands.md: what `slipway help` prints of each command, and its exit codes. */
export function commandsPage(commands: readonly Declaration[]): string {
  const sections = commands.flatMap((command) => [
    `## slipway ${command.name}`,
    "",
    ...block(commandHelp(command).map(textOf)),
    "",
    `Exit codes: ${codesOf(command)}.`,
    "",
  ]);
  return [
    "# Commands",
    "",
    "This page has the help of each command. [exit-codes.md](exit-codes.md) explains exit codes, `--json` and colours.",
    "",
    "`npx vitest run --project fast test/docs/commands.test.ts -u` writes this page from `cli/declaration/`.",
    "",
    ...block(overview(commands).map(textOf)),
    "",
    ...sections,
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function block(lines: readonly string[]): string[] {
  return ["```", ...lines, "```"];
}

function codesOf({ pulumi, exits = [] }: Declaration): string {
  if (pulumi !== undefined) return "2 for an invalid command line, otherwise those of Pulumi";
  const names = ["done", "refused", "wrongUsage", ...exits] as const;
  return names.map((name) => `${exitCodes[name]} (${name})`).join(", ");
}
