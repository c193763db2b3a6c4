import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../../toolchain/cache/lock.ts";
import { Progress, type Say } from "../../../toolchain/progress.ts";
import { dockerList, tryDocker } from "../engine.ts";
import { takeUpstream } from "./build.ts";
import { removeOldStock } from "../registry/stock.ts";
import { imageLabel, recipeTag, type ImageRecipe } from "./recipe.ts";

const day = 24 * 60 * 60 * 1000;

/** Builds the missing ones of these images. All runs of all checkouts on this machine share the images and one lock. */
export async function ensureImages(recipes: readonly ImageRecipe[], say: Say): Promise<void> {
  if ((await missing(recipes)).length === 0) return;
  const lock = join(tmpdir(), "slipway-images.lock");
  const onWait = (holder: string) => say(`images: waits for another run that builds them (${holder})`);
  await withLock(lock, onWait, async () => {
    await new ImageBuilder(await canPull(), say).ensure(recipes);
    await removeOldImages();
    await removeOldStock();
  });
}

/** Builds each image once. Independent images are built in parallel, since most of the time is spent on downloads. */
class ImageBuilder {
  readonly #builds = new Map<ImageRecipe, Promise<void>>();
  readonly #canPull: boolean;
  readonly #say: Say;

  constructor(canPull: boolean, say: Say) {
    this.#canPull = canPull;
    this.#say = say;
  }

  /** Builds images. Also after a failure it waits for all other builds. */
  async ensure(recipes: readonly ImageRecipe[]): Promise<void> {
    const wanted = recipes.map((recipe) => this.#once(recipe));
    await Promise.allSettled(wanted);
    await Promise.allSettled(this.#builds.values());
    await Promise.all(wanted);
  }

  #once(recipe: ImageRecipe): Promise<void> {
    const build = this.#builds.get(recipe) ?? this.#build(recipe);
    this.#builds.set(recipe, build);
    return build;
  }

  /** Builds an image if it is missing, after the images that it needs. */
  async #build(recipe: ImageRecipe): Promise<void> {
    if ((await missing([recipe])).length === 0) return;
    const upstream = this.#canPull ? recipe.upstream : undefined;
    const needed = [...(recipe.base === undefined ? [] : [recipe.base]), ...(recipe.needs ?? [])];
    if (upstream === undefined) await Promise.all(needed.map((other) => this.#once(other)));
    const progress = new Progress(`image ${recipe.name}`, this.#say);
    try {
      progress.say(upstream === undefined ? recipe.forecast : `pulls ${upstream}`);
      if (upstream === undefined) await recipe.build(recipeTag(recipe), recipe);
      else await takeUpstream(recipeTag(recipe), recipe, upstream);
      progress.say(`done in ${Math.round(progress.elapsed() / 1000)} s`);
    } finally {
      progress.stop();
    }
  }
}

async function missing(recipes: readonly ImageRecipe[]): Promise<readonly ImageRecipe[]> {
  const present = new Set(await list("{{.Repository}}:{{.Tag}}"));
  const complete = await Promise.all(
    recipes.map(async (recipe) => present.has(recipeTag(recipe)) && (await recipe.complete?.()) !== false),
  );
  return recipes.filter((_, index) => complete[index] !== true);
}

/** True if the engine can pull from the official registry. */
async function canPull(): Promise<boolean> {
  return (await tryDocker(["manifest", "inspect", "debian:13"], { deadline: 10_000 })).code === 0;
}

/**
 * Removes the images of old recipes. An image stays for a day, since another checkout may use it. The engine refuses to
 * remove the image of a running container.
 */
async function removeOldImages(): Promise<void> {
  const newest = new Map<string, number>();
  const found = (await list("{{.Repository}}:{{.Tag}} {{.CreatedAt}}")).map((line) => {
    const [tag = "", date = "", time = "", zone = ""] = line.split(" ");
    const name = tag.split(":")[0] ?? "";
    const created = Date.parse(`${date}T${time}${zone}`);
    newest.set(name, Math.max(newest.get(name) ?? 0, created));
    return { tag, name, created };
  });
  for (const { tag, name, created } of found)
    if (created !== newest.get(name) && Date.now() - created > day) await tryDocker(["rmi", tag]);
}

function list(format: string): Promise<readonly string[]> {
  return dockerList(["image", "ls", "--filter", `label=${imageLabel}`, "--format", format]);
}
