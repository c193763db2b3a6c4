import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { recipeFolder, recipeTag, type ImageRecipe } from "./recipe.ts";
import { server } from "./images.ts";
import { catalog, contents } from "../registry/catalog.ts";

/** A copy of the server's recipe for a test to change. */
function copyOfServer(): ImageRecipe & { folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "recipe-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(recipeFolder(server), folder, { recursive: true });
  const name = relative(join(recipeFolder(server), ".."), folder);
  return { ...server, name, folder };
}

test("the tag of a recipe depends only on its content", () => {
  const recipe = copyOfServer();
  expect(recipeTag(recipe)).toBe(recipeTag(recipe));
  expect(recipeTag(server)).toMatch(/^slipway-test\/server:[0-9a-f]{12}$/);
});

test("the tag of a recipe changes with a changed file, a new file, another base and another ingredient", () => {
  const recipe = copyOfServer();
  const before = recipeTag(recipe);
  const boot = join(recipe.folder, "boot.sh");
  writeFileSync(boot, `${readFileSync(boot, "utf8")}\n# changed`);
  const changed = recipeTag(recipe);
  writeFileSync(join(recipe.folder, "more"), "");
  const more = recipeTag(recipe);
  const tags = [
    before,
    changed,
    more,
    recipeTag({ ...recipe, base: server }),
    recipeTag({ ...recipe, ingredients: ["2"] }),
  ];
  expect(new Set(tags).size).toBe(5);
});

test("the tag of the registry changes with any image in it", () => {
  const needs = [...contents.map(({ recipe }) => recipe)];
  needs[0] = copyOfServer();
  expect(recipeTag({ ...catalog, needs })).not.toBe(recipeTag(catalog));
});
