import { mmdebstrap } from "../../toolchain/tools/mmdebstrap.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { must } from "./child.ts";
import { docker, tryDocker } from "./engine.ts";
import { imageLabel, recipeFolder, recipeTag, type ImageRecipe } from "./image-recipe.ts";

/** Debian 13, which all images stand on: pulled where the engine can, else made from packages. */
export const base: ImageRecipe = {
  name: "base",
  forecast: "makes Debian 13 from packages, about half a minute",
  build: buildBase,
};

/** A server: sshd, a Docker engine and Compose. */
export const server: ImageRecipe = {
  name: "server",
  forecast: "installs sshd, Docker and Compose, about half a minute",
  base,
  build: buildFolder,
};

async function buildBase(tag: string, recipe: ImageRecipe): Promise<void> {
  const label = `${imageLabel}=${recipe.name}`;
  if (await canPull("debian:13")) {
    await docker(["build", "--label", label, "--tag", tag, "-"], { stdin: "FROM debian:13\n" });
    return;
  }
  const [tool] = await ensureTools([mmdebstrap], () => undefined);
  const command = tool?.installed.commands["mmdebstrap"] ?? "mmdebstrap";
  await must(["bash", `${recipeFolder(recipe)}/build.sh`, tag, label], {
    env: { ...process.env, MMDEBSTRAP: command },
  });
}

/** Builds a recipe's folder with its Dockerfile. The classic builder needs no plugin, and is in every engine. */
export async function buildFolder(tag: string, recipe: ImageRecipe): Promise<void> {
  const standsOn = recipe.base === undefined ? [] : ["--build-arg", `BASE=${recipeTag(recipe.base)}`];
  const label = ["--label", `${imageLabel}=${recipe.name}`];
  const words = ["build", "--network", "host", ...label, ...standsOn, "--tag", tag, recipeFolder(recipe)];
  await docker(words, { env: { ...process.env, DOCKER_BUILDKIT: "0" } });
}

/** Whether the engine can pull from the official registry; where it cannot, we want to know within seconds. */
export async function canPull(image: string): Promise<boolean> {
  const probe = await tryDocker(["manifest", "inspect", image], { deadline: 10_000 });
  if (probe.code !== 0) return false;
  await docker(["pull", "--quiet", image]);
  return true;
}
