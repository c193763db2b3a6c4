import type { Service } from "../compose/application.ts";
import type { Problem } from "../problem.ts";
import { defaultProxyImage } from "../proxy.ts";
import type { Deployment } from "./deployment.ts";
import { digestReference } from "./release.ts";
import { missingInLock } from "./images/lock.ts";
import type { ServiceBase } from "./service.ts";
import { hasRelease, type Stack } from "./stack.ts";

/** Placeholder for an image that is not named anywhere. */
const noImage = "none";

/** All references to a service's image: that of the release, then the stack's, then the compose file's. */
export function referencesOf(
  { name, image }: Service,
  { release, images }: Pick<Deployment, "release" | "images">,
): string[] {
  return [release?.images[name], images[name], image].filter((reference) => reference !== undefined);
}

/** All references to a migration's image, including those that the release has for services of the same image. */
export function migrationReferences(
  service: Service,
  { application, release, images }: Pick<Deployment, "application" | "release" | "images">,
): string[] {
  const { name, image } = service;
  const same = Object.values(application.services).filter((other) => image !== undefined && other.image === image);
  const ofRelease = [name, ...same.map((other) => other.name)].flatMap((one) => release?.images[one] ?? []);
  return [...ofRelease, ...referencesOf(service, { release: undefined, images })];
}

/** The reference that runs: the first one by digest. A rule refuses a stack that has none. */
export function runningImage(references: readonly string[]): string {
  return references.find((reference) => digestReference.test(reference)) ?? references[0] ?? noImage;
}

/** The proxy's image: that of the stack, else the release's, else the usual one of the lock. */
export function proxyImage({ proxy, release }: Pick<Deployment, "proxy" | "release">): string {
  return proxy.image ?? release?.proxy ?? proxy.usual ?? noImage;
}

/** Requires a digest for every image. */
export function ensureImagesAreByDigest(stack: Stack): Problem[] {
  const { services, release, proxy, locked } = stack;
  const hasProxy = hasRelease(stack);
  const ofProxy = proxy.image === noImage ? defaultProxyImage : proxy.image;
  return [
    ...services
      .filter(({ image }) => !digestReference.test(image))
      .flatMap((service) => missingDigest(service, { release, locked, all: services })),
    ...(!hasProxy || digestReference.test(ofProxy) ? [] : [missingInLock(ofProxy, "the proxy", locked)]),
  ];
}

interface ImageSources extends Pick<Stack, "release" | "locked"> {
  readonly all: readonly ServiceBase[];
}

/** `ensureMigrationIsOfTheRelease` checks the migration's image. */
function missingDigest({ name, part, compose }: ServiceBase, { release, locked, all }: ImageSources): Problem[] {
  if (part === "migration") return [];
  const { image } = compose;
  const isMade = all.some(
    (other) => (other.part === "release" || other.compose.built) && other.compose.image === image,
  );
  if (part === "shared" && image !== undefined && !isMade) return [missingInLock(image, `'${name}'`, locked)];
  const what = `has no image by digest for '${name}', got '${release?.images[name] ?? noImage}'`;
  return [{ path: "release.images", what, todo: "let the build job write it into the release" }];
}
