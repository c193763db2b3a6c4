import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { goEnvironment } from "../../../toolchain/go-environment.ts";
import { here } from "../../../toolchain/cache/place.ts";
import { mustRun } from "../../../toolchain/must-run.ts";
import { go } from "../../../toolchain/tools/go.ts";
import { ensureTools } from "../../../toolchain/toolchain.ts";
import { buildImage, buildWith } from "./build.ts";
import { recipeTag, type ImageRecipe } from "./recipe.ts";

const goBuild = ["build", "-trimpath", "-ldflags", "-s -w", "-o", "stand-in", "."];

/** The program that plays images of others; it is an image without a service of its own. */
export const standIn: ImageRecipe = {
  name: "stand-in",
  forecast: "compiles the stand-in for images of others, up to a minute",
  ingredients: goBuild,
  build: (tag, recipe) =>
    buildWith(recipe, tag, async (folder) => {
      const outcomes = await ensureTools([go], () => undefined);
      const program = outcomes.find(({ tool }) => tool === go)?.installed.commands[go.name] ?? go.name;
      await mustRun([program, ...goBuild], { cwd: folder, env: { ...goEnvironment(here), CGO_ENABLED: "0" } });
    }),
};

/** What one image of a stand-in plays. */
export interface StandInImage {
  readonly service: string;
  readonly release: string;
  /** It ends at once, as a job does. */
  readonly ends: boolean;
  readonly tcp: readonly string[];
  readonly udp: readonly string[];
  /** The data of a Postgres, which it makes where there is none. */
  readonly cluster?: { readonly folder: string; readonly major: string } | undefined;
  /** The programs that the compose file starts in it, by name or absolute path. */
  readonly programs: readonly string[];
}

/** Builds the image of a stand-in in a folder, which is removed. */
export async function buildStandIn(
  { programs, ...image }: StandInImage,
  tag: string,
  folder: string,
  options: readonly string[],
): Promise<void> {
  const tree = join(folder, "tree");
  try {
    mkdirSync(tree, { recursive: true });
    writeFileSync(join(tree, "stand-in.json"), JSON.stringify(image));
    for (const path of new Set(programs.map(pathOf))) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      symlinkSync("/stand-in", join(tree, path));
    }
    writeFileSync(join(folder, "Dockerfile"), `FROM ${recipeTag(standIn)}\nCOPY tree/ /\n`);
    await buildImage(folder, tag, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pathOf(program: string): string {
  return program.startsWith("/") ? program : `/usr/local/bin/${program}`;
}
