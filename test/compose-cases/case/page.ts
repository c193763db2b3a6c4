import type { CaseResult } from "./result.ts";
import { faultLines, isSmall } from "./table.ts";

type Results = ReadonlyMap<string, CaseResult>;

/** The text of docs/compose-cases.md, before it is wrapped. */
export function casesPage(results: Results): string {
  const all = [...results].sort(([a], [b]) => a.localeCompare(b));
  const real = all.filter(([name]) => !isSmall(name));
  const small = all.filter(([name]) => isSmall(name));
  return [
    "# Public compose files",
    "A test suite checks what slipway makes of the compose files of public projects. It plans each case as " +
      "`slipway render` does, and compares the files that a server would get with what Docker Compose makes of the " +
      "original, field by field. A case is **carried** if they differ only on purpose: " +
      "`test/compose-cases/allowed.ts` lists these differences, each with its reason.",
    "`node test/compose-cases/main.ts <case>` prints everything about a case, and `--write` writes this page. " +
      "`test/compose-cases/carried.ts` lists the cases that the suite expects to be carried.",
    ...section("Public projects", real),
    ...section("Small cases, which show one thing each", small),
    "",
  ].join("\n\n");
}

function section(title: string, results: readonly [string, CaseResult][]): string[] {
  const carried = results.flatMap(([name, result]) =>
    result.kind === "carried" ? [{ name, changed: result.changedLines }] : [],
  );
  const asIs = carried.filter(({ changed }) => changed === 0);
  const edited = carried.filter(({ changed }) => changed > 0);
  const failed = results.filter(([, { kind }]) => kind !== "carried");
  return [
    `## ${title}`,
    `${asIs.length} of ${results.length} are carried as they are: ${asIs.map(({ name }) => name).join(", ")}.`,
    ...(edited.length === 0
      ? []
      : [
          `${edited.length} are carried after changes of their compose files that slipway's messages ask for, here ` +
            `with the number of lines: ${edited.map(({ name, changed }) => `${name} (${changed})`).join(", ")}.`,
        ]),
    ...failed.map(([name, result]) => failure(name, result)),
  ];
}

/** A case that is refused, or differs, with its first message up to what to do about it. */
function failure(name: string, result: CaseResult): string {
  const [first = "", ...others] = faultLines(result);
  const [what = ""] = first.split("; ");
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `${name} ${result.kind === "refused" ? "is refused" : "differs"}: \`${what.replaceAll("`", "'")}\`${more}.`;
}
