import { guess } from "../../model/guess.ts";
import type { Problem } from "../../model/problem.ts";
import { ensureVersionIsPlain } from "../../model/render/routes.ts";
import { leaveOut } from "../../model/stack/images.ts";
import { imageLockFile } from "../../model/stack/images/lock.ts";
import { parseImageReference, shortName } from "../../model/stack/images/reference.ts";
import { digestReference, releaseSchema, type Release } from "../../model/stack/release.ts";
import type { StackService } from "../../model/stack/service.ts";
import type { Stack } from "../../model/stack/stack.ts";
import { platformsOf } from "../images/lock.ts";
import { problemsOf } from "../problems.ts";
import type { Draft } from "../draft.ts";
import { repositoryOf, type GivenImage } from "./built.ts";

/** A stack for which a release is made. */
interface ReleasedStack {
  readonly draft: Draft;
  readonly stack: Stack;
}

/** An image that a release gets, as the command line names it. */
export interface ReleaseImage {
  /** The place for messages. */
  readonly path: string;
  readonly service: string;
  /** With its registry and repository. */
  readonly image: string;
  readonly platforms: readonly string[];
}

interface ReleaseImages {
  readonly images: readonly ReleaseImage[];
  readonly problems: readonly Problem[];
}

/**
 * The images of a release: those that were given for services, and the same for other services of the release with the
 * same image in the compose file. A service whose image does not come with a release, and one of the release without an
 * image, are problems.
 */
export function releaseImages(
  stacks: readonly ReleasedStack[],
  given: Readonly<Record<string, GivenImage>>,
): ReleaseImages {
  const services = stacks.flatMap(({ stack }) => stack.services);
  const images: ReleaseImage[] = [];
  const problems: Problem[] = [];
  for (const [service, image] of Object.entries(given)) {
    const found = givenImage(services, service, image);
    if ("image" in found) images.push({ ...found, service, platforms: platformsIn(stacks, service) });
    else problems.push(found);
  }
  const required = services.filter(({ name, imageFrom }) => imageFrom === "release" && given[name] === undefined);
  const missing = new Map<string, string[]>();
  for (const name of [...new Set(required.map((service) => service.name))].sort()) {
    const own = services.filter((service) => service.name === name).map(({ compose }) => compose.image);
    const same = sameImage(name, services, images);
    if (same !== undefined) images.push({ ...same, service: name, platforms: platformsIn(stacks, name) });
    else if (!own.every((image) => digestReference.test(image ?? ""))) {
      const key = own[0] ?? `built ${name}`;
      missing.set(key, [...(missing.get(key) ?? []), name]);
    }
  }
  return { images, problems: [...problems, ...[...missing.values()].map(missingImage)] };
}

/** The image that was given for a service, or why it is none of the release. */
function givenImage(
  services: readonly StackService[],
  service: string,
  { path, value }: GivenImage,
): Pick<ReleaseImage, "path" | "image"> | Problem {
  const own = services.filter(({ name }) => name === service);
  const released = own.filter(({ imageFrom }) => imageFrom === "release");
  const [first] = own;
  if (first === undefined) {
    const known = services.filter(({ imageFrom }) => imageFrom === "release").map(({ name }) => name);
    return { path, what: "is not a service of the compose files", todo: guess(service, known) };
  }
  if (released.length === 0) return notReleased(path, first);
  const written = released.map(({ compose }) => compose.image).find((image) => image !== undefined);
  const image = wholeName(value, written);
  return image === undefined ? tagAlone(path, value) : { path, image };
}

function notReleased(path: string, service: StackService): Problem {
  const isLocked = service.imageFrom === "lock";
  const decides = isLocked ? `${imageLockFile} has the digest of its tag` : "the compose file names its digest";
  return { path, what: `does not come with a release: ${decides}`, todo: leaveOut(service) };
}

/** What a release says of itself. */
interface Said {
  readonly version: string | undefined;
  readonly commit: string | undefined;
  /** By digest, by service. */
  readonly images: Readonly<Record<string, string>>;
  readonly schema?: Release["schema"];
  readonly buildArguments?: Release["buildArguments"];
}

/** Puts a release together. */
export function releaseOf(said: Said): {
  readonly release: Release | undefined;
  readonly problems: readonly Problem[];
} {
  const { commit, images, schema, buildArguments } = said;
  const version = said.version ?? commonTag(Object.values(images));
  if (version === undefined) {
    const what = "is missing, and the images have no tag in common that could name the release";
    return { release: undefined, problems: [{ path: "--version", what, todo: "add it, such as --version 1.4.2" }] };
  }
  const sorted = Object.fromEntries(Object.entries(images).sort(([a], [b]) => (a < b ? -1 : 1)));
  const value = {
    ...{ version, ...(commit !== undefined && { commit }), images: sorted },
    ...{ ...(schema !== undefined && { schema }), ...(buildArguments !== undefined && { buildArguments }) },
  };
  const parsed = releaseSchema.safeParse(value);
  const problems = parsed.success
    ? ensureVersionIsPlain({ release: parsed.data })
    : problemsOf(parsed.error, value, releaseSchema);
  const named = problems.map((problem) => ({ ...problem, path: `--${problem.path.replace(/^release\./, "")}` }));
  return { release: parsed.data, problems: named };
}

/** The text of a release document, which `readRelease` reads. */
export function releaseText(release: Release): string {
  return `${JSON.stringify(release, undefined, 2)}\n`;
}

/** The platforms of a service in all stacks. */
function platformsIn(stacks: readonly ReleasedStack[], name: string): string[] {
  const all = stacks.flatMap(({ draft, stack }) =>
    stack.services.flatMap(({ compose }) => (compose.name === name ? platformsOf(compose, draft) : [])),
  );
  return [...new Set(all)].sort();
}

/** A name with its repository: as given, or the compose file's with the tag that was given alone. */
function wholeName(value: string, written: string | undefined): string | undefined {
  if (/[/:@]/.test(value)) return value;
  const reference = repositoryOf(written);
  return reference === undefined ? undefined : `${shortName(reference)}:${value}`;
}

function tagAlone(path: string, value: string): Problem {
  const what = `is a tag alone, and the compose file does not say of which image, got '${value}'`;
  return { path, what, todo: `write it as registry/repository:${value}` };
}

function sameImage(
  name: string,
  services: readonly StackService[],
  images: readonly ReleaseImage[],
): ReleaseImage | undefined {
  const imageOf = (of: string): string | undefined => services.find((service) => service.name === of)?.compose.image;
  const image = imageOf(name);
  return image === undefined ? undefined : images.find(({ service }) => imageOf(service) === image);
}

/** The problem of services that name the same image, which comes with the release. */
function missingImage(names: readonly string[]): Problem {
  const [name = ""] = names;
  const what = `is missing for ${names.map((one) => `'${one}'`).join(" and ")}, whose image comes with the release`;
  return { path: "--image", what, todo: `add --image ${name}=registry/repository:tag` };
}

/** The tag of all images, if they have one in common that says more than `latest`. */
function commonTag(images: readonly string[]): string | undefined {
  const [tag, ...others] = new Set(images.map((image) => parseImageReference(image)?.tag));
  return others.length > 0 || tag === "latest" ? undefined : tag;
}
