import { imageLockText, type LockedImage } from "../../../model/stack/images/lock.ts";
import type { Registry } from "./registry.ts";

/** The images that aaperture names by tag, and what stands for each of them in a run's registry. */
const images = [
  ["postgres:17-alpine", "library/postgres", "17-alpine"],
  ["prom/prometheus:latest", "prom/prometheus", "latest"],
  ["grafana/grafana:latest", "grafana/grafana", "latest"],
  ["traefik:v3.6", "library/traefik", "v3"],
] as const;

/** The text of a `slipway.lock` for aaperture with the digests of the run's registry, from which servers pull. */
export async function aapertureLock(registry: Registry): Promise<string> {
  const entries = images.map(async ([name, repository, tag]): Promise<[string, LockedImage]> => {
    return [name, { digest: await registry.digest(repository, tag), platforms: ["linux/amd64"] }];
  });
  return imageLockText(Object.fromEntries(await Promise.all(entries)));
}
