import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../../toolchain/cache/lock.ts";
import { Progress, type Say } from "../../../toolchain/progress.ts";
import { listed, tryDocker } from "../engine.ts";
import { takeUpstream } from "./build.ts";
import { removeOldStock } from "../registry/stock.ts";
import { imageLabel, recipeTag, type ImageRecipe } from "./recipe.ts";

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
    await new Building(await canPull(), say).ensure(recipes);
    await removeOld();
    await removeOldStock();
  });
}

/** One round of building: every image once, beside those that it does not stand on, since most of the time goes by waiting for packages. */
class Building {
  readonly #begun = new Map<ImageRecipe, Promise<void>>();
  readonly #pulls: boolean;
  readonly #say: Say;

  constructor(pulls: boolean, say: Say) {
    this.#pulls = pulls;
    this.#say = say;
  }

  /** Ends when nothing is built any more, also where something failed. */
  async ensure(recipes: readonly ImageRecipe[]): Promise<void> {
    const wanted = recipes.map((recipe) => this.#once(recipe));
    await Promise.allSettled(wanted);
    await Promise.allSettled(this.#begun.values());
    await Promise.all(wanted);
  }

  #once(recipe: ImageRecipe): Promise<void> {
    const begun = this.#begun.get(recipe) ?? this.#build(recipe);
    this.#begun.set(recipe, begun);
    return begun;
  }

  /** Builds one image if it is missing, after those it stands on. */
  async #build(recipe: ImageRecipe): Promise<void> {
    if ((await missing([recipe])).length === 0) return;
    const upstream = this.#pulls ? recipe.upstream : undefined;
    const before = [...(recipe.base === undefined ? [] : [recipe.base]), ...(recipe.needs ?? [])];
    if (upstream === undefined) await Promise.all(before.map((other) => this.#once(other)));
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
  const there = await Promise.all(
    recipes.map(async (recipe) => present.has(recipeTag(recipe)) && (await recipe.complete?.()) !== false),
  );
  return recipes.filter((_, index) => there[index] !== true);
}

/** Whether images can be pulled from the official registry; where they cannot, we want to know within seconds. */
async function canPull(): Promise<boolean> {
  return (await tryDocker(["manifest", "inspect", "debian:13"], { deadline: 10_000 })).code === 0;
}

/**
 * Removes images of recipes that are no more. One that is younger than a day may belong to another checkout that works at the same
 * time, so it stays; one that a container runs from is refused by the engine.
 */
async function removeOld(): Promise<void> {
  const newest = new Map<string, number>();
  const found = (await list("{{.Repository}}:{{.Tag}} {{.CreatedAt}}")).map((line) => {
    const [tag = "", date = "", time = "", zone = ""] = line.split(" ");
    const name = tag.split(":")[0] ?? "";
    const made = Date.parse(`${date}T${time}${zone}`);
    newest.set(name, Math.max(newest.get(name) ?? 0, made));
    return { tag, name, made };
  });
  for (const { tag, name, made } of found)
    if (made !== newest.get(name) && Date.now() - made > day) await tryDocker(["rmi", tag]);
}

function list(format: string): Promise<readonly string[]> {
  return listed(["image", "ls", "--filter", `label=${imageLabel}`, "--format", format]);
}
