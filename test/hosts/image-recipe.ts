import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What an image is made of: a folder of files, and the image it stands on. */
export interface ImageRecipe {
  readonly name: string;
  /** A line of what takes long, for progress. */
  readonly forecast: string;
  readonly base?: ImageRecipe;
  /** What else the image depends on: the tag changes with it. */
  readonly ingredients?: readonly string[];
  /** Makes the image under this tag. */
  readonly build: (tag: string, recipe: ImageRecipe) => Promise<void>;
}

/** The label of all images that are kept between runs; its value is the name of the recipe. */
export const imageLabel = "slipway.test.image";

/** Where the files of a recipe are. */
export function recipeFolder(recipe: ImageRecipe): string {
  return join(import.meta.dirname, "images", recipe.name);
}

/** The tag of the image that these very files make: another recipe gets another tag. */
export function recipeTag(recipe: ImageRecipe): string {
  return `slipway-test/${recipe.name}:${recipeHash(recipe)}`;
}

function recipeHash(recipe: ImageRecipe): string {
  const hash = createHash("sha256").update(recipe.build.toString());
  if (recipe.base !== undefined) hash.update(recipeHash(recipe.base));
  for (const ingredient of recipe.ingredients ?? []) hash.update(`${ingredient}\n`);
  const folder = recipeFolder(recipe);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  for (const file of files) hash.update(`${file.slice(folder.length)}\n`).update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}
