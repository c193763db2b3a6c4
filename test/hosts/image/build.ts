import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { docker } from "../engine.ts";
import { imageLabel, recipeFolder, recipeTag, type ImageRecipe } from "./recipe.ts";

// Every engine has the classic builder; the newer one is a plugin that may be missing.
const environment = { ...process.env, DOCKER_BUILDKIT: "0" };

/** Builds an image from a folder with a Dockerfile. */
export async function buildImage(folder: string, tag: string, options: readonly string[]): Promise<void> {
  await docker(["build", "--quiet", ...options, "--tag", tag, folder], { env: environment });
}

/** Builds an image from a recipe's folder. It uses the machine's own network to download packages. */
export async function buildRecipe(tag: string, recipe: ImageRecipe, folder = recipeFolder(recipe)): Promise<void> {
  const base = recipe.base === undefined ? [] : ["--build-arg", `BASE=${recipeTag(recipe.base)}`];
  await buildImage(folder, tag, ["--network", "host", ...label(recipe), ...base]);
}

/** Builds an image from a copy of a recipe's folder, to which `addFile` adds a file first. */
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

/** Pulls an official image and gives it our tag and label. */
export async function takeUpstream(tag: string, recipe: ImageRecipe, upstream: string): Promise<void> {
  await docker(["build", "--quiet", "--pull", ...label(recipe), "--tag", tag, "-"], {
    env: environment,
    stdin: `FROM ${upstream}\n`,
  });
}

function label(recipe: ImageRecipe): readonly string[] {
  return ["--label", `${imageLabel}=${recipe.name}`];
}
