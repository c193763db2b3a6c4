import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../../toolchain/paths.ts";

/** Asks a run to leave its note and its reports as the examples in the manual. */
const variable = "SLIPWAY_WRITE_EXAMPLES";

/** Writes what a merge request was told into the manual, where somebody asked for that. */
export function leaveExamples(files: Readonly<Record<string, string | undefined>>): void {
  if (process.env[variable] === undefined) return;
  const folder = join(checkout, "docs/examples");
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), `${(text ?? "").trim()}\n`);
}
