import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exitCodes } from "../../cli/exit-code.ts";
import { Refusal, wrongUsage } from "../../cli/refusal.ts";
import { checkout } from "../../toolchain/paths.ts";

test("docs/exit-codes.md lists every exit code by its name, and no other", () => {
  const text = readFileSync(join(checkout, "docs", "exit-codes.md"), "utf8");
  const rows = [...text.matchAll(/^\| (\d+) +\| `(\w+)` +\| \S/gm)].map(([, code, name]) => [name, Number(code)]);
  expect(rows).toEqual(Object.entries(exitCodes));
});

test("refusals end with codes of the list", () => {
  expect(new Refusal([]).exitCode).toBe(exitCodes.refused);
  expect(new Refusal([], wrongUsage).exitCode).toBe(exitCodes.wrongUsage);
});
