import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const tests = join(import.meta.dirname, "..");

/**
 * The messages that sent readers the wrong way when compose files of others were first tried. A test of each has its
 * number in the title; `test/config/advice.test.ts` follows advice to the letter.
 */
const numbers: Readonly<Record<string, string>> = {
  M1: "a mounted folder that is not there holds data",
  M2: "a variable for the port of a service that the stack does not publish",
  M3: "a volume that is external or has a name of its own",
  M4: "network_mode",
  M5: "aliases in networks",
  M6: "ranges of ports",
  M7: "hundreds of YAML aliases",
  M8: "!reset and !override",
  M9: "include of several files",
  M10: ".env.example without rules",
  M11: "tracked env files of defaults, and test keys",
  M12: "several compose files, and the usual names",
  M13: "items that are repeated in a list",
  M14: "several ports of one service, and UDP",
  M15: "a config whose content is no file",
  M16: "a variable with a known value as the folder of a database",
};

test("each message that once sent readers the wrong way has a test with its number, and they name no others", () => {
  const files = readdirSync(tests, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.ts"));
  const titles = files.flatMap((file) => readFileSync(join(tests, file), "utf8").match(/\(M\d+[^)\n]*\)/g) ?? []);
  const found = new Set(titles.flatMap((title) => title.match(/\bM\d+\b/g) ?? []));
  expect([...found].filter((number) => !(number in numbers))).toEqual([]);
  expect(Object.keys(numbers).filter((number) => !found.has(number))).toEqual([]);
});
