import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandsPage } from "./commands-page.ts";
import { declarations } from "../../cli/declaration/declarations.ts";
import { overview } from "../../cli/help.ts";
import { textOf } from "../../model/report/tone.ts";
import { checkout } from "../../toolchain/paths.ts";

const read = (path: string): string => readFileSync(join(checkout, path), "utf8");

test("docs/commands.md is what the declarations of the commands say", async () => {
  await expect(commandsPage(declarations)).toMatchFileSnapshot(join(checkout, "docs", "commands.md"));
});

test("docs/operating.md lists the commands as `slipway` does", () => {
  const [, shown = ""] = /\$ slipway\n(.*?)```/s.exec(read("docs/operating.md")) ?? [];
  expect(shown).toBe(`${overview(declarations).map(textOf).join("\n")}\n`);
});

test("README.md names each command", () => {
  const missing = declarations.filter(({ name }) => !read("README.md").includes(`\`slipway ${name}\``));
  expect(missing.map(({ name }) => name)).toEqual([]);
});
