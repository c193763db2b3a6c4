import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandsPage } from "./commands-page.ts";
import { declarations } from "../../cli/declaration/declarations.ts";
import { checkout } from "../../toolchain/paths.ts";

const read = (path: string): string => readFileSync(join(checkout, path), "utf8");

test("docs/commands.md is what the declarations of the commands say", async () => {
  await expect(commandsPage(declarations)).toMatchFileSnapshot(join(checkout, "docs", "commands.md"));
});

test("README.md names each command", () => {
  const missing = declarations.filter(({ name }) => !read("README.md").includes(`\`slipway ${name}\``));
  expect(missing.map(({ name }) => name)).toEqual([]);
});
