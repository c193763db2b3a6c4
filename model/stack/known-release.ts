import { configurationError } from "../problem.ts";
import type { Deployment } from "./deployment.ts";
import { digestReference, type Release } from "./release.ts";

/** Adds the last release to a deployment without a release document. */
export function withRelease(deployment: Deployment, last: Release | undefined): Deployment {
  if (deployment.release !== undefined) return deployment;
  if (last !== undefined) return { ...deployment, release: keptRelease(deployment, last) };
  throw configurationError({
    path: "release",
    what: "there is no release document, and none was applied before",
    todo: "let the build job write `release.json`, or name another file with `release.file`",
  });
}

/** Keeps the release's images, except those of shared services for which the stack or compose file names one now. */
function keptRelease({ application, services, images, migration }: Deployment, release: Release): Release {
  const isKept = (name: string): boolean =>
    name === migration?.service.name ||
    services[name]?.release === true ||
    (images[name] === undefined && !digestReference.test(application.services[name]?.image ?? ""));
  return { ...release, images: Object.fromEntries(Object.entries(release.images).filter(([name]) => isKept(name))) };
}
