import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { eventually } from "../condition.ts";
import { docker, tryDocker } from "../engine.ts";
import { imageLabel, recipeTag, type ImageRecipe } from "../image/recipe.ts";
import { uploadImages } from "./upload.ts";
import { app, grafana, nginx, postgres, prometheus, redis, registry, traefik } from "../image/images.ts";

/** The initial images of every run's registry. It replaces the official registry, so the names are the same. */
export const contents: readonly { readonly name: string; readonly recipe: ImageRecipe }[] = [
  { name: "library/postgres:17-alpine", recipe: postgres },
  { name: "library/redis:alpine", recipe: redis },
  { name: "library/nginx:alpine", recipe: nginx },
  { name: "library/traefik:v3", recipe: traefik },
  { name: "prom/prometheus:latest", recipe: prometheus },
  { name: "grafana/grafana:latest", recipe: grafana },
  { name: "app:base", recipe: app },
];

/**
 * The registry with all its images, which are in a layer of the registry's own image. So each run can start a registry
 * of its own within a second, and does not see what other runs push or delete.
 */
export const catalog: ImageRecipe = {
  name: "catalog",
  forecast: "uploads all images to a registry, about 20 seconds",
  base: registry,
  needs: contents.map(({ recipe }) => recipe),
  ingredients: [...contents.map(({ name }) => name), readFileSync(join(import.meta.dirname, "upload.ts"), "utf8")],
  build: fillRegistry,
};

// Only one run at a time builds images, so an existing container with this name is left from an interrupted build.
const container = "slipway-test-catalog";

async function fillRegistry(tag: string, recipe: ImageRecipe): Promise<void> {
  await tryDocker(["rm", "--force", container]);
  try {
    const scratch = ["--tmpfs", "/run", "--tmpfs", "/run-files", "--publish", "127.0.0.1::5000"];
    await docker(["run", "--detach", "--name", container, ...scratch, recipeTag(registry)]);
    const address = await docker(["port", container, "5000/tcp"]);
    await eventually("the registry answers", 30, () => answers(address));
    await uploadImages(
      address,
      contents.map(({ name, recipe }) => ({ image: recipeTag(recipe), name })),
    );
    await docker(["stop", container]);
    await docker(["commit", "--change", `LABEL ${imageLabel}=${recipe.name}`, container, tag]);
  } finally {
    await tryDocker(["rm", "--force", container]);
  }
}

/** True if a registry answers. Its certificate is not checked, since it is not available while an image is built. */
function answers(address: string): Promise<true | undefined> {
  return new Promise((resolve) => {
    const ask = request(`https://${address}/v2/`, { rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? true : undefined);
    });
    ask.on("error", () => resolve(undefined)).end();
  });
}
