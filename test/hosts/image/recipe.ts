import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** The recipe of an image: a folder with its name, a base image, and how to build it. */
export interface ImageRecipe {
  readonly name: string;
  /** The message before the image is built: what happens, and how long it takes. */
  readonly forecast: string;
  /** The official image that is used instead if the engine can pull. */
  readonly upstream?: string;
  readonly base?: ImageRecipe;
  /** Other images that must be built before. */
  readonly needs?: readonly ImageRecipe[];
  /** Further values on which the image and thus its tag depends. */
  readonly ingredients?: readonly string[];
  /** Checks objects that belong to the image, such as a volume; an incomplete image is built again. */
  readonly complete?: () => Promise<boolean>;
  /** Builds the image with this tag. */
  readonly build: (tag: string, recipe: ImageRecipe) => Promise<void>;
}

const sourceFiles = ["images.ts", "build.ts", "../registry/catalog.ts"];

/** The label of all images that are kept between runs, with the name of the recipe as its value. */
export const imageLabel = "slipway.test.image";

/** The folder with a recipe's files. */
export function recipeFolder(recipe: ImageRecipe): string {
  return join(import.meta.dirname, "../images", recipe.name);
}

/** The tag of a recipe's image. It contains a hash, so that a changed recipe has another tag. */
export function recipeTag(recipe: ImageRecipe): string {
  return `slipway-test/${recipe.name}:${recipeHash(recipe)}`;
}

function recipeHash(recipe: ImageRecipe): string {
  const hash = createHash("sha256").update(`${recipe.upstream ?? ""}\n`);
  // An image with a base is built quickly, so a change of the code that builds it counts too.
  const code = recipe.base === undefined ? [] : sourceFiles;
  for (const file of code) hash.update(readFileSync(join(import.meta.dirname, file)));
  for (const other of [recipe.base, ...(recipe.needs ?? [])])
    if (other !== undefined) hash.update(`${recipeTag(other)}\n`);
  for (const ingredient of recipe.ingredients ?? []) hash.update(`${ingredient}\n`);
  const folder = recipeFolder(recipe);
  for (const file of filesOf(folder)) {
    // Git keeps only this bit of a file's mode.
    const executable = (statSync(file).mode & 0o100) !== 0;
    hash.update(`${file.slice(folder.length)} ${String(executable)}\n`).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 12);
}

function filesOf(folder: string): readonly string[] {
  // A recipe that only combines other images has no folder.
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
