import type { Deployment } from "./deployment.ts";
import type { Problem } from "../problem.ts";
import { digestReference } from "./release.ts";

/** The image that a service runs, by digest: the release's, else the stack's, else the compose file's own. */
export function imageOf(deployment: Deployment, service: string): string {
  const image = knownImage(deployment, service);
  if (image === undefined) throw new Error(`a service without an image by digest: '${service}'`);
  return image;
}

/** The image of the stack's proxy, by digest: the stack's, else the release's. */
export function proxyImageOf({ proxy, release }: Deployment): string {
  const image = proxy.image ?? release?.proxy;
  if (image === undefined) throw new Error("a proxy without an image by digest");
  return image;
}

/** Every service whose image nobody names by digest. Without a release, its services are not asked for. */
export function imageProblems(deployment: Deployment): Problem[] {
  const { application, services, release } = deployment;
  const missing = Object.keys(application.services)
    .filter((service) => knownImage(deployment, service) === undefined)
    .filter((service) => release !== undefined || services[service]?.release !== true)
    .map((service) => missingImage(deployment, service));
  return [...missing, ...proxyProblems(deployment)];
}

function knownImage({ application, images, release }: Deployment, service: string): string | undefined {
  const candidates = [release?.images[service], images[service], application.services[service]?.image];
  return candidates.find((image) => image !== undefined && digestReference.test(image));
}

function missingImage({ application, services, release }: Deployment, service: string): Problem {
  const written = application.services[service]?.image ?? "none";
  if (services[service]?.release === true) {
    const what = `has no image by digest for '${service}', got '${release?.images[service] ?? "none"}'`;
    return { path: "release.images", what, todo: "let the build job write it into the release" };
  }
  const what = `is missing, and the compose file names no image by digest, got '${written}'`;
  return { path: `images.${service}`, what, todo: "set it to a reference like 'postgres:17@sha256:…'" };
}

function proxyProblems({ proxy, release }: Deployment): Problem[] {
  const image = proxy.image ?? release?.proxy;
  if (image !== undefined && digestReference.test(image)) return [];
  const what = `is not an image by digest, got '${image ?? "none"}'`;
  return [{ path: "proxy.image", what, todo: "set it to a reference like 'traefik:v3.6@sha256:…'" }];
}
