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

/** The files whose keys a change of some files changes. */
function changed(changes: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.keys(files).filter((name) => name.endsWith(".ts"));
  const keys = (tree: Readonly<Record<string, string>>) => lintKeys(names, ["lint.config"], (name) => tree[name]);
  const [before, after] = [keys(files), keys({ ...files, ...changes })];
  return names.filter((name) => before.get(name) !== after.get(name));
}

const all = Object.keys(files).filter((name) => name.endsWith(".ts"));

test.each([
  ["itself", { "a.ts": 'import { b } from "./sub/b.ts";\n' }, ["a.ts"]],
  [
    "what it imports, from afar, when it runs or as a type",
    { "c.ts": "" },
    ["a.ts", "sub/b.ts", "c.ts", "lazy.ts", "typed.ts"],
  ],
  ["what it names by its path in a type", { "alone.ts": "export type Other = string;" }, ["typed.ts", "alone.ts"]],
  ["what imports it in turn", { "round.ts": 'import "./about.ts";\n' }, ["round.ts", "about.ts"]],
  ["what it imports once that is there", { "missing.ts": "export {};" }, ["a.ts", "sub/b.ts"]],
  ["what declares something for everybody", { "everywhere.ts": 'declare module "x" {}' }, all],
  ["the settings", { "lint.config": "other rules" }, all],
])(
  "the verdict of ESLint on a file is asked anew for a change of %s, and of nothing else",
  (_what, changes, expected) => {
    expect(changed(changes)).toEqual(expected);
  },
);

test("two files of the same content have keys of their own", () => {
  expect(new Set(lintKeys(["a.ts", "b.ts"], [], () => "").values()).size).toBe(2);
});
