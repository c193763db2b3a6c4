import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../../toolchain/paths.ts";

/** Set for a run that writes its note and reports into the manual, as examples. */
const variable = "SLIPWAY_WRITE_EXAMPLES";

/** Writes the note and reports of a merge request into the manual, if the environment asks for that. */
export function leaveExamples(files: Readonly<Record<string, string | undefined>>): void {
  if (process.env[variable] === undefined) return;
  const folder = join(checkout, "docs/examples");
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), `${(text ?? "").trim()}\n`);
}
