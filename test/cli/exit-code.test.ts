import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exitCodeOf, exitCodes } from "../../cli/exit-code.ts";
import { UserError } from "../../model/problem.ts";
import { checkout } from "../../toolchain/paths.ts";

test("docs/exit-codes.md lists every exit code by its name, and no other", () => {
  const text = readFileSync(join(checkout, "docs", "exit-codes.md"), "utf8");
  const rows = [...text.matchAll(/^- \*\*(\d+), `(\w+)`\*\*: \S/gm)].map(([, code, name]) => [name, Number(code)]);
  expect(rows).toEqual(Object.entries(exitCodes));
});

test("a refused command ends with 1, an invalid command line with 2", () => {
  expect(exitCodeOf(new UserError([]))).toBe(exitCodes.refused);
  expect(exitCodeOf(new UserError([], { usage: true }))).toBe(exitCodes.wrongUsage);
});
