import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout } from "../../toolchain/paths.ts";

const read = (path: string): string => readFileSync(join(checkout, path), "utf8").replaceAll(/\s+/g, " ");

test("README.md has the numbers of docs/compose-cases.md", () => {
  const said = /Of (\d+) public compose files, (\d+) can be deployed as they are, and (\d+) after/.exec(
    read("README.md"),
  );
  const page = read("docs/compose-cases.md");
  const [, asIs, all] = /## Public projects (\d+) of (\d+) are carried as they are/.exec(page) ?? [];
  const [, edited] = / (\d+) are carried after changes/.exec(page) ?? [];
  expect(said?.slice(1)).toEqual([all, asIs, edited]);
});
