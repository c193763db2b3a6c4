import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tryDocker } from "../engine.ts";
import { buildImage } from "../image/build.ts";
import { recipeTag } from "../image/recipe.ts";
import { app } from "../image/images.ts";
import type { Registry } from "./registry.ts";
import { labels, type Run } from "../run.ts";

/** A database migration of a release. */
interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** A release of the HTTP application, with the faults that are built into it. Times are written as "250ms" or "5s". */
export interface AppRelease {
  readonly version: string;
  /** The version that it reports.
   * @default `version` */
  readonly reports?: string;
  /** The time until it listens. */
  readonly bootDelay?: string;
  /** The delay of each answer. */
  readonly latency?: string;
  readonly crashAtBoot?: boolean;
  readonly crashAfter?: string;
  /** Makes it exit with 0 at once. */
  readonly exitAtBoot?: boolean;
  /** The time after which it answers every request with 500. */
  readonly failAfter?: string;
  /** The path to which it redirects every request. */
  readonly redirect?: string;
  /** The port at which it listens. @default 8080 */
  readonly port?: number;
  /** Memory that it allocates at the start and keeps. */
  readonly memoryMiB?: number;
  /** Makes its health check always fail. */
  readonly unhealthy?: boolean;
  /** Makes its health alternate between good and bad, with this time for each. */
  readonly flapEvery?: string;
  /** The time for which it answers new requests after SIGTERM; running requests are always completed. */
  readonly drain?: string;
  readonly ignoreTerm?: boolean;
  /** Makes it exit at once on SIGTERM, whatever it has in hand. */
  readonly exitAtTerm?: boolean;
  /** A table that it reads: `/` returns its number of rows, and the release is unhealthy without it. */
  readonly table?: string;
  readonly migrations?: readonly Migration[];
}

/** A release that was pushed to the run's registry. */
export interface BuiltRelease {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  /** The reference with which a server pulls it: `registry.test:5000/app@sha256:…`. */
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
