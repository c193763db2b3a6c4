import { configurationError } from "../problem.ts";
import type { Deployment } from "./deployment.ts";
import { digestReference, type Release } from "./release.ts";

/** The deployment with the release that it will run: that of its document, or else the last one, where one is known. */
export function withRelease(deployment: Deployment, last: Release | undefined): Deployment {
  if (deployment.release !== undefined) return deployment;
  if (last !== undefined) return { ...deployment, release: keptRelease(deployment, last) };
  throw configurationError({
    path: "release",
    what: "there is no release document, and none was applied before",
    todo: "let the build job write `release.json`, or name another file with `release.file`",
  });
}

/** The images that only a release names stay; for a shared service, the stack or the compose file may name one now. */
function keptRelease({ application, services, images, migration }: Deployment, release: Release): Release {
  const isKept = (name: string): boolean =>
    name === migration?.service.name ||
    services[name]?.release === true ||
    (images[name] === undefined && !digestReference.test(application.services[name]?.image ?? ""));
  return { ...release, images: Object.fromEntries(Object.entries(release.images).filter(([name]) => isKept(name))) };
}
