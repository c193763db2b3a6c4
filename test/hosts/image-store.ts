import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../toolchain/lock.ts";
import { Progress, type Say } from "../../toolchain/progress.ts";
import { docker, tryDocker } from "./engine.ts";
import { imageLabel, recipeTag, type ImageRecipe } from "./image-recipe.ts";

const day = 24 * 60 * 60 * 1000;

/**
 * Makes sure that these images are in the machine's engine. They are built once per machine, whoever needs them first: all runs of all
 * checkouts share one lock.
 */
export async function ensureImages(recipes: readonly ImageRecipe[], say: Say): Promise<void> {
  if ((await missing(recipes)).length === 0) return;
  const lock = join(tmpdir(), "slipway-images.lock");
  const onWait = (holder: string) => say(`images: waits for another run that builds them (${holder})`);
  await withLock(lock, onWait, async () => {
    for (const recipe of await missing(recipes)) await build(recipe, say);
    await removeOld(recipes);
  });
}

/** Builds one image, after the one it stands on. */
async function build(recipe: ImageRecipe, say: Say): Promise<void> {
  if (recipe.base !== undefined && (await missing([recipe.base])).length > 0) await build(recipe.base, say);
  const progress = new Progress(`image ${recipe.name}`, say);
  try {
    progress.say(recipe.forecast);
    await recipe.build(recipeTag(recipe), recipe);
    progress.say(`done in ${Math.round(progress.elapsed() / 1000)} s`);
  } finally {
    progress.stop();
  }
}

async function missing(recipes: readonly ImageRecipe[]): Promise<readonly ImageRecipe[]> {
  const present = new Set((await list("{{.Repository}}:{{.Tag}}")).split("\n"));
  return recipes.filter((recipe) => !present.has(recipeTag(recipe)));
}

/**
 * Removes images of recipes that are no more. One that another checkout built or rebuilt today may be in use there, so it stays for a
 * day; one that a container runs from is refused by the engine.
 */
async function removeOld(recipes: readonly ImageRecipe[]): Promise<void> {
  const current = new Set(recipes.map(recipeTag));
  const names = new Set(recipes.map(({ name }) => `slipway-test/${name}`));
  for (const line of (await list("{{.Repository}}:{{.Tag}} {{.CreatedAt}}")).split("\n")) {
    const [tag = "", date = "", time = "", zone = ""] = line.split(" ");
    const age = Date.now() - Date.parse(`${date}T${time}${zone}`);
    if (names.has(tag.split(":")[0] ?? "") && !current.has(tag) && age > day) await tryDocker(["rmi", tag]);
  }
}

function list(format: string): Promise<string> {
  return docker(["image", "ls", "--filter", `label=${imageLabel}`, "--format", format]);
}
