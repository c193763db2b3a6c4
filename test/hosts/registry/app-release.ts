import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tryDocker } from "../engine.ts";
import { buildImage } from "../image/build.ts";
import { recipeTag } from "../image/recipe.ts";
import { app } from "../image/images.ts";
import type { Registry } from "./registry.ts";
import { labels, type Run } from "../run.ts";

/** A change of the schema that a release brings. */
interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** A release of the HTTP application, and how it misbehaves. Times are written as "250ms" or "5s". */
export interface AppRelease {
  readonly version: string;
  /** What it says it is.
   * @default its version */
  readonly reports?: string;
  /** How long it takes to listen. */
  readonly bootDelay?: string;
  /** How long each answer takes. */
  readonly latency?: string;
  readonly crashAtBoot?: boolean;
  readonly crashAfter?: string;
  /** Memory it takes at boot and keeps. */
  readonly memoryMiB?: number;
  /** Its health check always fails. */
  readonly unhealthy?: boolean;
  /** Its health is good and bad in turn, for so long each. */
  readonly flapEvery?: string;
  /** How long it still answers after SIGTERM; requests in flight always end. */
  readonly drain?: string;
  readonly ignoreTerm?: boolean;
  /** A table that it reads: `/` tells its rows, and without it the release is not healthy. */
  readonly table?: string;
  readonly migrations?: readonly Migration[];
}

/** A release in the run's registry. */
export interface BuiltRelease {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  /** As a server pulls it: `registry.test:5000/app@sha256:…`. */
  readonly image: string;
}

/** Builds a release and pushes it to the run's registry. */
export async function buildAppRelease(
  run: Run,
  registry: Registry,
  release: AppRelease,
  repository = "app",
): Promise<BuiltRelease> {
  const tag = release.version;
  const local = `slipway-${run.id}/${repository}:${tag}`;
  const folder = join(run.folder, "releases", repository, tag);
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, "release.json"), JSON.stringify(release));
    writeFileSync(join(folder, "Dockerfile"), `FROM ${recipeTag(app)}\nCOPY release.json /release.json\n`);
    await buildImage(folder, local, labels(run));
    const digest = await registry.push(local, `${repository}:${tag}`);
    return { repository, tag, digest, image: `${registry.address}/${repository}@${digest}` };
  } finally {
    await tryDocker(["rmi", local]);
    rmSync(folder, { recursive: true, force: true });
  }
}
