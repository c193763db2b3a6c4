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
 * Finds the numbers in one test file: in the titles of `describe`, `it` and `test`, and at the end of the rows of their
 * tables. What is skipped, or still to do, does not count.
 */
export function numbersOf(source: string): ReadonlySet<string> {
  // Most files name no number, and parsing all of them would take most of the time.
  if (source.search(number) === -1) return new Set();
  const file = ts.createSourceFile("a.test.ts", source, ts.ScriptTarget.Latest);
  const tables = namedTables(file);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && declares(node.expression)) {
      if (isLeftOut(node)) return;
      const rows = rowsOf(node.expression, tables).flatMap((row) => rowEnd.exec(row) ?? []);
      found.push(...[titleOf(node), ...rows].flatMap((text) => text.match(number) ?? []));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return new Set(found);
}

/** The lists that a test file gives a name. */
function namedTables(file: ts.SourceFile): ReadonlyMap<string, ts.Expression> {
  const tables = new Map<string, ts.Expression>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined)
      tables.set(node.name.text, node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return tables;
}

/** All texts in the table of `test.each(table)`, including those of the named tables that it is made of. */
function rowsOf(callee: ts.Expression, tables: ReadonlyMap<string, ts.Expression>): string[] {
  if (!ts.isCallExpression(callee)) return [];
  const texts: string[] = [];
  const seen = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    const table = ts.isIdentifier(node) && !seen.has(node.text) ? tables.get(node.text) : undefined;
    if (ts.isIdentifier(node)) seen.add(node.text);
    if (table !== undefined) visit(table);
    ts.forEachChild(node, visit);
  };
  callee.arguments.forEach(visit);
  return texts;
}

/** The text of a call's title. */
function titleOf({ arguments: [title] }: ts.CallExpression): string {
  if (title === undefined) return "";
  if (ts.isStringLiteralLike(title)) return title.text;
  if (!ts.isTemplateExpression(title)) return "";
  return [title.head, ...title.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join("…");
}

/** Tells if a call's callee is `test`, `test.skip`, `test.each(…)` or the like. */
function declares(callee: ts.Expression): boolean {
  return wordsOf(callee).some((word, index) => index === 0 && declarations.has(word));
}

/** Tells a call that runs nothing: it is skipped, still to do, or has no body. */
function isLeftOut({ expression, arguments: { length } }: ts.CallExpression): boolean {
  const words = wordsOf(expression);
  return words.includes("skip") || words.includes("todo") || (words.length === 1 && length < 2);
}

/** The words of a callee: `test`, `skip` and `each` of `test.skip.each(…)`. */
function wordsOf(callee: ts.Expression): readonly string[] {
  if (ts.isIdentifier(callee)) return [callee.text];
  if (ts.isPropertyAccessExpression(callee)) return [...wordsOf(callee.expression), callee.name.text];
  return ts.isCallExpression(callee) ? wordsOf(callee.expression) : [];
}
