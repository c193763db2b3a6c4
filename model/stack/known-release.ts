import type { Deployment } from "./deployment.ts";
import type { Observation } from "../facts/observation.ts";
import { ConfigurationError } from "../problem.ts";
import { digestReference, type Release } from "./release.ts";

/** The deployment with the release that it will run: that of its document, or else the one that was applied last. */
export function withRelease(deployment: Deployment, observation: Observation | undefined): Deployment {
  const last = lastRelease(observation);
  const release = deployment.release ?? (last && keptRelease(deployment, last));
  if (release !== undefined) return { ...deployment, release };
  throw new ConfigurationError([
    {
      path: "release",
      what: "there is no release document, and none was applied before",
      todo: "let the build job write `release.json`, or name another file with `release.file`",
    },
  ]);
}

/** What stays of a release that was applied: the images that only a release names. What the stack or the compose file says of a shared service holds without one. */
export function keptRelease({ application, services, images, migration }: Deployment, release: Release): Release {
  const isKept = (name: string): boolean =>
    name === migration?.service.name ||
    services[name]?.release === true ||
    (images[name] === undefined && !digestReference.test(application.services[name]?.image ?? ""));
  return { ...release, images: Object.fromEntries(Object.entries(release.images).filter(([name]) => isKept(name))) };
}

function lastRelease(observation: Observation | undefined): Release | undefined {
  if (observation?.release === undefined) return undefined;
  const { "@proxy": proxy, ...images } = observation.release.images;
  return { version: observation.release.version, images, ...(proxy !== undefined && { proxy }) };
}
