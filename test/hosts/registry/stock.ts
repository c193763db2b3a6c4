import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalog, contents } from "./catalog.ts";
import { engineOptions } from "../container.ts";
import { docker, dockerList, tryDocker } from "../engine.ts";
import { buildWith } from "../image/build.ts";
import { imageLabel, recipeFolder, recipeTag, type ImageRecipe } from "../image/recipe.ts";
import { server } from "../image/images.ts";

/**
 * A server whose engine already has the initial images of the registry, since pulling 700 MB took a third of the tests'
 * time. The layers are stored once on this machine, in a volume that these servers mount read-only at /stock. The
 * volume's name comes from the image's tag.
 */
export const stocked: ImageRecipe = {
  name: "stocked",
  forecast: "pulls all images of the registry on a server once, about a minute",
  base: server,
  needs: [catalog],
  ingredients: [readFileSync(import.meta.filename, "utf8")],
  complete: async () => (await tryDocker(["volume", "inspect", stockVolume()])).code === 0,
  build: stockServer,
};

/** The volume with the layers of the images that a stocked server has. */
export function stockVolume(): string {
  return recipeTag(stocked).replace("/", "-").replace(":", "-");
}

/** Removes the volumes whose image was removed. The engine refuses to remove a volume that a server uses. */
export async function removeOldStock(): Promise<void> {
  const images = await dockerList(["image", "ls", "--filter", `label=${imageLabel}=stocked`, "--format", "{{.Tag}}"]);
  const volumes = await dockerList(["volume", "ls", "--quiet", "--filter", `label=${imageLabel}=stocked`]);
  for (const volume of volumes)
    if (!images.some((tag) => volume.endsWith(`-${tag}`))) await tryDocker(["volume", "rm", volume]);
}

// Only one run at a time builds images, so existing objects with this name are left from an interrupted build.
const scratch = "slipway-test-stock";
const folder = join(tmpdir(), scratch);

async function stockServer(tag: string, recipe: ImageRecipe): Promise<void> {
  try {
    await clear();
    mkdirSync(folder, { mode: 0o700 });
    // The image is built last; its existence means that the volume is complete.
    await tryDocker(["rmi", "--force", tag]);
    await tryDocker(["volume", "rm", stockVolume()]);
    await docker(["volume", "create", "--label", `${imageLabel}=${recipe.name}`, stockVolume()]);
    await pullInto(recipe);
    await buildWith(recipe, tag, (context) => copyFile(join(folder, "docker.tar"), join(context, "docker.tar")));
  } finally {
    await clear();
  }
}

async function pullInto(recipe: ImageRecipe): Promise<void> {
  const registryFiles = join(folder, "registry");
  mkdirSync(registryFiles);
  await docker(["network", "create", scratch]);
  const registry = ["--network-alias", "registry.test", "--tmpfs", "/run", "--volume", `${registryFiles}:/run-files`];
  await docker([
    "run",
    "--detach",
    "--name",
    `${scratch}-registry`,
    "--network",
    scratch,
    ...registry,
    recipeTag(catalog),
  ]);
  const mounts = ["--volume", `${folder}:/run-files`, "--volume", `${stockVolume()}:/stock`, ...engineOptions];
  const script = [
    "--volume",
    `${recipeFolder(recipe)}:/recipe:ro`,
    "--entrypoint",
    "bash",
    recipeTag(server),
    "/recipe/stock.sh",
  ];
  const names = contents.map(({ name }) => name);
  await docker(["run", "--rm", "--name", scratch, "--network", scratch, ...mounts, ...script, ...names]);
}

async function clear(): Promise<void> {
  for (const name of [scratch, `${scratch}-registry`]) await tryDocker(["rm", "--force", "--volumes", name]);
  await tryDocker(["network", "rm", scratch]);
  rmSync(folder, { recursive: true, force: true });
}
