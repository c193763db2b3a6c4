import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { docker } from "../engine.ts";
import { imageLabel, recipeFolder, recipeTag, type ImageRecipe } from "./recipe.ts";

// The classic builder is in every engine; the newer one is a plugin that may be missing.
const environment = { ...process.env, DOCKER_BUILDKIT: "0" };

/** Builds a folder with a Dockerfile. */
export async function buildImage(folder: string, tag: string, options: readonly string[]): Promise<void> {
  await docker(["build", "--quiet", ...options, "--tag", tag, folder], { env: environment });
}

/** Builds a recipe's folder with its Dockerfile. Packages come over the machine's own network. */
export async function buildRecipe(tag: string, recipe: ImageRecipe, folder = recipeFolder(recipe)): Promise<void> {
  const standsOn = recipe.base === undefined ? [] : ["--build-arg", `BASE=${recipeTag(recipe.base)}`];
  await buildImage(folder, tag, ["--network", "host", ...label(recipe), ...standsOn]);
}

/** The same, with a file that is made first. */
export async function buildWith(
  recipe: ImageRecipe,
  tag: string,
  addFile: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-image."));
  try {
    cpSync(recipeFolder(recipe), folder, { recursive: true });
    await addFile(folder);
    await buildRecipe(tag, recipe, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Takes the official image as it is, under our tag. */
export async function takeUpstream(tag: string, recipe: ImageRecipe, upstream: string): Promise<void> {
  await docker(["build", "--quiet", "--pull", ...label(recipe), "--tag", tag, "-"], {
    env: environment,
    stdin: `FROM ${upstream}\n`,
  });
}

function label(recipe: ImageRecipe): readonly string[] {
  return ["--label", `${imageLabel}=${recipe.name}`];
}
