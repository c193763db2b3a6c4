import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { goEnvironment } from "../../../toolchain/go-environment.ts";
import { here } from "../../../toolchain/cache/place.ts";
import { go } from "../../../toolchain/tools/go.ts";
import { mmdebstrap } from "../../../toolchain/tools/mmdebstrap.ts";
import { traefik as traefikTool } from "../../../toolchain/tools/traefik.ts";
import type { Tool } from "../../../toolchain/tool.ts";
import { ensureTools } from "../../../toolchain/toolchain.ts";
import { mustRun } from "../../../toolchain/must-run.ts";
import { buildRecipe, buildWith } from "./build.ts";
import { imageLabel, recipeFolder, type ImageRecipe } from "./recipe.ts";

/** Debian 13, the base of most images. */
export const base: ImageRecipe = {
  name: "base",
  forecast: "builds Debian 13 from packages, about half a minute",
  upstream: "debian:13",
  build: async (tag, recipe) => {
    const env = { ...process.env, MMDEBSTRAP: await command(mmdebstrap) };
    await mustRun(["bash", join(recipeFolder(recipe), "build.sh"), tag, `${imageLabel}=${recipe.name}`], { env });
  },
};

/** A test server with sshd, a Docker engine and Compose. */
export const server = packaged("server", "installs sshd, Docker and Compose, about half a minute");

/** A registry without images. */
export const registry = packaged("registry", "installs docker-registry, about 10 seconds");

export const postgres = packaged("postgres", "installs PostgreSQL 17, about 20 seconds", "postgres:17-alpine");
export const redis = packaged("redis", "installs redis, about 10 seconds", "redis:alpine");
export const nginx = packaged("nginx", "installs nginx, about 15 seconds", "nginx:alpine");
export const prometheus = packaged("prometheus", "installs prometheus, about 15 seconds", "prom/prometheus:latest");

export const traefik: ImageRecipe = {
  name: "traefik",
  forecast: "adds Traefik to the base image, a few seconds",
  upstream: "traefik:v3",
  base,
  ingredients: [traefikTool.version],
  build: (tag, recipe) =>
    buildWith(recipe, tag, async (folder) => copyFileSync(await command(traefikTool), join(folder, "traefik"))),
};

const goBuild = ["build", "-trimpath", "-gcflags=all=-dwarf=false -l", "-ldflags", "-s -w", "-o", "app", "."];

/** The HTTP application that plays the services of a team. */
export const app: ImageRecipe = {
  name: "app",
  forecast: "compiles the HTTP application of the tests, up to a minute",
  ingredients: goBuild,
  build: (tag, recipe) =>
    buildWith(recipe, tag, async (folder) => {
      const env = { ...goEnvironment(here), CGO_ENABLED: "0" };
      await mustRun([await command(go), ...goBuild], {
        cwd: folder,
        env,
      });
    }),
};

/** A fake of Grafana. */
export const grafana: ImageRecipe = {
  name: "grafana",
  forecast: "builds the fake of Grafana, about a second",
  upstream: "grafana/grafana:latest",
  base: app,
  build: buildRecipe,
};

/** An image with Debian packages on the common base. */
function packaged(name: string, forecast: string, upstream?: string): ImageRecipe {
  return { name, forecast, base, build: buildRecipe, ...(upstream === undefined ? {} : { upstream }) };
}

/** Makes a tool present and returns the path of its command. */
async function command(tool: Tool): Promise<string> {
  const outcomes = await ensureTools([tool], () => undefined);
  const path = outcomes.find((outcome) => outcome.tool === tool)?.installed.commands[tool.name];
  if (path === undefined) throw new Error(`${tool.name} has no command with its name`);
  return path;
}
