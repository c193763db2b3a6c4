import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** What an image is made of: a folder of files, and the image it stands on. */
export interface ImageRecipe {
  readonly name: string;
  /** Said before the image is built: what happens, and how long it takes. */
  readonly forecast: string;
  /** The official image that is taken instead where the engine can pull. */
  readonly upstream?: string;
  /** The image it stands on. */
  readonly base?: ImageRecipe;
  /** Other images that must be there before. */
  readonly needs?: readonly ImageRecipe[];
  /** What else the image depends on: the tag changes with it. */
  readonly ingredients?: readonly string[];
  /** Whether what belongs to the image is there beside it. */
  readonly complete?: () => Promise<boolean>;
  /** Makes the image under this tag. */
  readonly build: (tag: string, recipe: ImageRecipe) => Promise<void>;
}

const code = ["images.ts", "build.ts", "../registry/catalog.ts"];

/** The label of all images that are kept between runs; its value is the name of the recipe. */
export const imageLabel = "slipway.test.image";

/** Where the files of a recipe are. */
export function recipeFolder(recipe: ImageRecipe): string {
  return join(import.meta.dirname, "../images", recipe.name);
}

/** The tag of the image that these very files make: another recipe gets another tag. */
export function recipeTag(recipe: ImageRecipe): string {
  return `slipway-test/${recipe.name}:${recipeHash(recipe)}`;
}

function recipeHash(recipe: ImageRecipe): string {
  const hash = createHash("sha256").update(`${recipe.upstream ?? ""}\n`);
  // An image that stands on another is quickly made again, so a change of the code that makes it counts as well.
  if (recipe.base !== undefined) for (const file of code) hash.update(readFileSync(join(import.meta.dirname, file)));
  for (const other of [recipe.base, ...(recipe.needs ?? [])])
    if (other !== undefined) hash.update(`${recipeTag(other)}\n`);
  for (const ingredient of recipe.ingredients ?? []) hash.update(`${ingredient}\n`);
  const folder = recipeFolder(recipe);
  for (const file of filesOf(folder)) {
    // Of a file's mode, only what git keeps counts.
    const executable = (statSync(file).mode & 0o100) !== 0;
    hash.update(`${file.slice(folder.length)} ${String(executable)}\n`).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 12);
}

function filesOf(folder: string): readonly string[] {
  // What is made of other images alone has no files.
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
