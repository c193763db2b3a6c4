/** Runs the compose cases that are named, or all of them, and prints what each lacks. `--write` writes the page. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { checkout } from "../../toolchain/paths.ts";
import { composeVersions } from "./case/compose.ts";
import { casesPage } from "./case/page.ts";
import { caseNames, casesFolder } from "./case/place.ts";
import { runCase, type CaseResult } from "./case/result.ts";
import { faultLines, summaryLines } from "./case/table.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith("-"));

if (casesFolder === undefined) say("skipped: no cases (SLIPWAY_COMPOSE_CASES names their folder)");
else {
  const versions = await composeVersions();
  const used = new Set<string>();
  const results = new Map<string, CaseResult>();
  for (const name of named.length > 0 ? named : caseNames(casesFolder)) {
    const result = await runCase(name, casesFolder, versions, (entry) => used.add(entry));
    results.set(name, result);
    say(`${name}: ${result.kind}`);
    faultLines(result).forEach((line) => say(`  ${line}`));
  }
  summaryLines(results, used).forEach(say);
  if (words.includes("--write")) {
    const page = await format(casesPage(results), { parser: "markdown", printWidth: 120, proseWrap: "always" });
    writeFileSync(join(checkout, "docs/compose-cases.md"), page);
  }
}
