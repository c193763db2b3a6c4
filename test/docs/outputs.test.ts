import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { outputsOf } from "../../model/stack/outputs.ts";
import { stackOf } from "../../model/stack/derive.ts";
import { checkout } from "../../toolchain/paths.ts";
import { loadAaperture } from "../config/aaperture-stack.ts";

const read = (path: string): string => readFileSync(join(checkout, path), "utf8");

test("docs/operating.md lists the outputs that the program exports", async () => {
  const [, section = ""] = /\n## Outputs\n(.*?)\n## /s.exec(read("docs/operating.md")) ?? [];
  const listed = [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, name = ""]) => name.split("."));
  const exported = [...read("index.ts").matchAll(/^export const (?:\{([^}]*)\}|(\w+))/gm)].flatMap(
    ([, several, one = ""]) => several?.split(",").map((name) => name.trim()) ?? [one],
  );
  expect([...new Set(listed.map(([top]) => top))].sort()).toEqual(exported.sort());

  const { deployment } = await loadAaperture("staging");
  const { hosts } = outputsOf(stackOf(deployment));
  const ofHost = listed.filter(([top]) => top === "hosts").map(([, , name]) => name);
  expect(ofHost).toEqual(Object.keys(hosts["main"] ?? {}));
});
