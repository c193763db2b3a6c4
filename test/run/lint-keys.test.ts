import { expect, test } from "vitest";
import { lintKeys } from "./lint-keys.ts";

const files: Readonly<Record<string, string>> = {
  "a.ts": 'import { b } from "./sub/b.ts";',
  "sub/b.ts": 'export { c } from "../c.ts";\nimport "../missing.ts";',
  "c.ts": "export const c = 1;",
  "lazy.ts": 'await import("./c.ts");',
  "typed.ts": 'import type { c } from "./c.ts";\nconst other: import("./alone.ts").Other = 1;',
  "round.ts": 'import "./about.ts";',
  "about.ts": 'import "./round.ts";',
  "alone.ts": "export type Other = number;",
  "everywhere.ts": "export type A = 1;",
  "lint.config": "rules",
};

/** Lists the files whose keys change with these files. */
function changed(changes: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.keys(files).filter((name) => name.endsWith(".ts"));
  const keys = (tree: Readonly<Record<string, string>>) => lintKeys(names, ["lint.config"], (name) => tree[name]);
  const [before, after] = [keys(files), keys({ ...files, ...changes })];
  return names.filter((name) => before.get(name) !== after.get(name));
}

const all = Object.keys(files).filter((name) => name.endsWith(".ts"));

test.each([
  ["a file that no other imports", { "a.ts": 'import { b } from "./sub/b.ts";\n' }, ["a.ts"]],
  [
    "an import, also an indirect, a lazy or a type import",
    { "c.ts": "" },
    ["a.ts", "sub/b.ts", "c.ts", "lazy.ts", "typed.ts"],
  ],
  ["a file that a type imports by its path", { "alone.ts": "export type Other = string;" }, ["typed.ts", "alone.ts"]],
  ["a file in a circle of imports", { "round.ts": 'import "./about.ts";\n' }, ["round.ts", "about.ts"]],
  ["an import that was missing", { "missing.ts": "export {};" }, ["a.ts", "sub/b.ts"]],
  ["a file with global declarations", { "everywhere.ts": 'declare module "x" {}' }, all],
  ["the settings", { "lint.config": "other rules" }, all],
])("ESLint checks exactly the right files again after a change of %s", (_what, changes, expected) => {
  expect(changed(changes)).toEqual(expected);
});

test("two files with the same content have different keys", () => {
  expect(new Set(lintKeys(["a.ts", "b.ts"], [], () => "").values()).size).toBe(2);
});
