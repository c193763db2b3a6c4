import type { Service } from "../compose/application.ts";
import type { Problem } from "../problem.ts";
import type { Deployment } from "./deployment.ts";
import { lockedImage, lockedPlatforms, missingInLock } from "./images/lock.ts";
import { digestReference, type Release } from "./release.ts";
import type { ServiceBase } from "./service.ts";
import { hasRelease, type ProxyImage, type Stack } from "./stack.ts";

/**
 * What decides the image of a service: the `release` document, `slipway.lock` by the tag of the compose file, or the
 * compose `file`, which names a digest.
 */
export type ImageSource = "release" | "lock" | "file";

/** The image of a service, as far as it is known. */
export interface ServiceImage {
  readonly imageFrom: ImageSource;
  /** The image that runs: by digest if one is known, else as written, else "none". */
  readonly image: string;
  /** All known references to the image: the one that runs may lack the tag that tells the version. */
  readonly references: readonly string[];
  /** The platforms for which the lock has it; undefined if something else decides it. */
  readonly platforms: readonly string[] | undefined;
}

type Sources = Pick<Deployment, "application" | "services" | "migrations">;

/** Placeholder for an image that is not named anywhere. */
const noImage = "none";

/** The services of an application, and its migrations. */
function allServices({ application, migrations }: Sources): readonly Service[] {
  return [...Object.values(application.services), ...migrations.map(({ service }) => service)];
}

/**
 * Tells what decides the image of each service. A release has the images of its services, of those that the compose
 * file builds, and of all services that name the same image as one of these.
 */
function imageSource(deployment: Sources): (service: Service) => ImageSource {
  const { services, migrations } = deployment;
  const released = new Set(migrations.flatMap(({ service, settings }) => (settings.release ? [service.name] : [])));
  const isMade = ({ name, image, built }: Service): boolean =>
    built === true || image === undefined || released.has(name) || services[name]?.release === true;
  const made = new Set(
    allServices(deployment)
      .filter(isMade)
      .map(({ image }) => image),
  );
  return (service) => {
    if (isMade(service) || made.has(service.image)) return "release";
    return digestReference.test(service.image ?? "") ? "file" : "lock";
  };
}

/** The names of the services whose images come with a release. */
export function releasedImages(deployment: Sources): readonly string[] {
  const sourceOf = imageSource(deployment);
  return allServices(deployment)
    .filter((service) => sourceOf(service) === "release")
    .map(({ name }) => name);
}

/** Finds the image of each service. */
export function serviceImages(
  deployment: Sources & Pick<Deployment, "release" | "lock">,
): (service: Service) => ServiceImage {
  const { release, lock } = deployment;
  const sourceOf = imageSource(deployment);
  return (service) => {
    const imageFrom = sourceOf(service);
    const { image: written } = service;
    const decided = imageFrom === "release" ? imageInRelease(service, deployment, release) : lockedImage(written, lock);
    const references = [...new Set([decided, written])].filter((reference) => reference !== undefined);
    const platforms = imageFrom === "lock" ? lockedPlatforms(written, lock) : undefined;
    return { imageFrom, image: runningImage(references), references, platforms };
  };
}

/** The image that a release has for a service, or for one that names the same image. */
function imageInRelease({ name, image }: Service, all: Sources, release: Release | undefined): string | undefined {
  const same = allServices(all).filter((other) => image !== undefined && other.image === image);
  return [name, ...same.map((other) => other.name)].flatMap((one) => release?.images[one] ?? [])[0];
}

/** The reference that runs: the first one by digest. A rule refuses a stack that has none. */
function runningImage(references: readonly string[]): string {
  return references.find((reference) => digestReference.test(reference)) ?? references[0] ?? noImage;
}

/** The proxy's image, by digest if the lock has its tag. */
export function proxyImage({ proxy: { image, memory }, lock }: Pick<Deployment, "proxy" | "lock">): ProxyImage {
  return { image: lockedImage(image, lock) ?? image, memory, platforms: lockedPlatforms(image, lock) };
}

/** An image by a tag that the lock lacks. */
interface UnlockedImage {
  readonly image: string;
  /** As messages call it: a service in quotes, or the proxy. */
  readonly user: string;
}

/** The images that should have their digests in the lock, and have none: the services', and the proxy's. */
export function unlockedImages(stack: Stack): UnlockedImage[] {
  const tagged = stack.services.filter(({ imageFrom }) => imageFrom !== "release");
  const all = tagged.map(({ name, image }) => ({ image, user: `'${name}'` }));
  const ofProxy = hasRelease(stack) ? [{ image: stack.proxy.image, user: "the proxy" }] : [];
  return [...all, ...ofProxy].filter(({ image }) => !digestReference.test(image));
}

/** Requires that the lock has the digest of each tag. */
export function ensureTagsAreLocked(stack: Stack): Problem[] {
  return unlockedImages(stack).map(({ image, user }) => missingInLock(image, user, stack.locked));
}

/** Requires that a release has its images by digest. */
export function ensureReleaseHasItsImages({ services, release }: Stack): Problem[] {
  return services
    .filter(({ image, imageFrom }) => imageFrom === "release" && !digestReference.test(image))
    .map((service) => missingInRelease(service, release));
}

function missingInRelease({ name, part, compose }: ServiceBase, release: Release | undefined): Problem {
  const isBuilt = part === "shared" && compose.built === true;
  const why = isBuilt ? ", which the compose file builds" : "";
  const given = release?.images[name];
  const what =
    given === undefined
      ? `has no image for '${name}'${why}`
      : `has no image by digest for '${name}'${why}, got '${given}'`;
  const todo = `let the build job write it, as \`slipway release --image ${name}=<tag>\` does`;
  return { path: "release.images", what, todo };
}

/** The way out where a release has an image for a service whose image does not come with one. */
export function leaveOut({ name, part }: Pick<ServiceBase, "name" | "part">): string {
  const comes =
    part === "migration"
      ? `set services.${name}.release if it comes with each release`
      : "add `build` to the service in the compose file if it is built for each release";
  return `leave it out, or ${comes}`;
}

/** Lines about digests of the compose file that a release replaces. */
export function imageNotes(services: readonly ServiceBase[]): string[] {
  return services.flatMap(({ name, image, imageFrom, compose }) => {
    const { image: written = "" } = compose;
    if (imageFrom !== "release" || !digestReference.test(written) || digestOf(written) === digestOf(image)) return [];
    return [`${name}: the release decides its image; the compose file's digest is not used, got '${written}'`];
  });
}

function digestOf(image: string): string {
  return image.replace(/^.*@/, "");
}
