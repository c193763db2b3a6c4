import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { checkout } from "../../toolchain/paths.ts";
import { numbersInTitles, numbersOf } from "./titles.ts";

interface Entry {
  readonly number: string;
  readonly text: string;
}

/** The list entries of a document: `- **A5** …`, with the lines that belong to it. */
function entries(document: string): readonly Entry[] {
  const text = readFileSync(join(checkout, "docs", document), "utf8");
  return [...text.matchAll(/^- \*\*([A-Z]\d+)\*\* (.*(?:\n {2}.*)*)/gm)].map(([, number = "", text = ""]) => ({
    number,
    text: text.replaceAll(/\s+/g, " "),
  }));
}

const untested = (phrase: string, listed: readonly Entry[]) =>
  listed.filter(({ text }) => text.endsWith(` ${phrase}`)).map(({ number }) => number);

const titles = numbersInTitles(join(checkout, "test"));

describe.each([
  { document: "requirements.md", phrase: "Not covered yet.", letters: ["A", "B", "C", "D", "E", "X"] },
  { document: "failures.md", phrase: "No test yet.", letters: ["F"] },
])("the entries of docs/$document", ({ document, phrase, letters }) => {
  const listed = entries(document);
  const numbers = listed.map(({ number }) => number);

  it("have the numbers of each letter from 1 on, each once and in order", () => {
    const counted = letters.flatMap((letter) =>
      numbers.filter((number) => number.startsWith(letter)).map((_, index) => `${letter}${index + 1}`),
    );
    expect(numbers).toEqual(counted);
    expect(new Set(numbers.map(([letter]) => letter))).toEqual(new Set(letters));
  });

  it("include every number in a test's title", () => {
    const named = [...titles].filter(([number]) => letters.some((letter) => number.startsWith(letter)));
    expect(named.filter(([number]) => !numbers.includes(number))).toEqual([]);
  });

  it(`end with "${phrase}" exactly if no test's title has their number`, () => {
    expect(untested(phrase, listed)).toEqual(numbers.filter((number) => !titles.has(number)));
  });
});

describe("a requirement that names the file with its case", () => {
  const shown = entries("requirements.md").flatMap(({ number, text }) => {
    const [, file] = /Shown in `([^`]+)`\.$/.exec(text) ?? [];
    return file === undefined ? [] : [{ number, file }];
  });

  it("is there", () => expect(shown.length).toBeGreaterThan(20));

  it.each(shown)("$number begins a title in $file", ({ number, file }) => {
    const source = readFileSync(join(checkout, file), "utf8");
    const begins = new RegExp(`\\b(?:describe|it|test)\\b[^"\`]*\\(\\s*["\`]${number}: `);
    expect(source).toMatch(begins);
  });
});

describe("a number in a test file", () => {
  test.each([
    ["in parentheses", 'test("is gone (A5, F45)", run);', ["A5", "F45"]],
    ["at the beginning of a title", 'describe("A6: both stacks", run);', ["A6"]],
    ["in the middle of a title", 'it("has the ports of A6 and A8", run);', ["A6", "A8"]],
    ["in a title with values", "test(`A1 of ${name} (F2)`, run);", ["A1", "F2"]],
    ["in the title of a conditional test", 'test.skipIf(quick)("waits (F3)", run);', ["F3"]],
    ["in the title of a table", 'test.each([1, 2])("takes %s (F110)", run);', ["F110"]],
    ["at the end of a row", 'test.each([{ what: "exits at once (F35)" }])("$what", run);', ["F35"]],
    ["in a row of a named table", 'const ill = [["flaps (F37)"]];\ntest.each(some(ill))("%s", run);', ["F37"]],
  ])("counts %s", (_, source, numbers) => {
    expect([...numbersOf(source)]).toEqual(numbers);
  });

  test.each([
    ["in a comment", "// as a title would say it (A5)\n"],
    ["in a value", 'expect("A5 F45 of a value").toBe("A1");'],
    ["in the body of a test", 'test("holds", () => run("A5", "E2"));'],
    ["in a value that ends as a title would", 'const note = "exits at once (F35)";'],
    ["in a skipped test", 'test.skip("is gone (A5)", run);'],
    ["in a row of a skipped test", 'test.skip.each(["is gone (A5)"])("%s", run);'],
    ["in a test that is still to do", 'test.todo("is gone (A5)");'],
    ["in a test without a body", 'test("is gone (A5)");'],
    ["in a skipped group", 'describe.skip("A6", () => { test("is gone (A5)", run); });'],
    ["in another word", 'test("reads 0xA5, A5F4, sha-E2 and F00", run);'],
  ])("does not count %s", (_, source) => {
    expect([...numbersOf(source)]).toEqual([]);
  });
});
