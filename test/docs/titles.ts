import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const declarations = new Set(["describe", "it", "test"]);
/** A number of `docs/requirements.md` or `docs/failures.md`, as a whole word. */
const number = /(?<![\w-])[A-FX][1-9]\d*(?![\w-])/g;
/** The end of a table's row that completes a title: `exits at once (F35)`. */
const rowEnd = /\((?:[A-FX][1-9]\d*(?:, )?)+\)$/;

/**
 * Finds the numbers of requirements and faults in the titles of all tests below a folder, each with the files that name
 * it.
 */
export function numbersInTitles(folder: string): ReadonlyMap<string, ReadonlySet<string>> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.ts"));
  const found = new Map<string, Set<string>>();
  for (const file of files)
    for (const name of numbersOf(readFileSync(join(folder, file), "utf8")))
      found.set(name, (found.get(name) ?? new Set()).add(file));
  return found;
}

/**
 * Finds the numbers in the titles of one test file: in titles of `describe`, `it` and `test`, and at the end of table
 * rows.
 */
export function numbersOf(source: string): ReadonlySet<string> {
  // Most files name no number, and parsing all of them would take most of the time.
  if (source.search(number) === -1) return new Set();
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) found.push(...(titleOf(node).match(number) ?? []));
    if (ts.isStringLiteralLike(node)) found.push(...(rowEnd.exec(node.text)?.[0].match(number) ?? []));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("a.test.ts", source, ts.ScriptTarget.Latest));
  return new Set(found);
}

/** The text of a call's title; empty if the call declares no test. */
function titleOf({ expression, arguments: [title] }: ts.CallExpression): string {
  if (title === undefined || !declares(expression)) return "";
  if (ts.isStringLiteralLike(title)) return title.text;
  if (!ts.isTemplateExpression(title)) return "";
  return [title.head, ...title.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join("…");
}

/** Tells if a call's callee is `test`, `test.skip`, `test.each(…)` or the like. */
function declares(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return declarations.has(callee.text);
  if (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) return declares(callee.expression);
  return false;
}
