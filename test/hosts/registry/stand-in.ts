import { join } from "node:path";
import { tryDocker } from "../engine.ts";
import { buildStandIn, standIn, type StandInImage } from "../image/stand-in.ts";
import { ensureImages } from "../image/store.ts";
import { labels, type Run } from "../run.ts";
import type { Registry } from "./registry.ts";

/** Builds the image of a stand-in, pushes it to the run's registry, and returns the reference by digest. */
export async function pushStandIn(
  run: Run,
  registry: Registry,
  image: StandInImage,
  repository: string,
): Promise<string> {
  await ensureImages([standIn], (line) => process.stderr.write(`${line}\n`));
  const local = `slipway-${run.id}/${repository}:${image.release}`;
  try {
    await buildStandIn(image, local, join(run.folder, "stand-ins", repository), labels(run));
    const digest = await registry.push(local, `${repository}:${image.release}`);
    return `${registry.address}/${repository}@${digest}`;
  } finally {
    await tryDocker(["rmi", local]);
  }
}
