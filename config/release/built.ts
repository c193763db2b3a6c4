import { guess } from "../../model/guess.ts";
import type { Problem } from "../../model/problem.ts";
import { nameByDigest, parseImageReference, type ImageReference } from "../../model/stack/images/reference.ts";
import type { StackService } from "../../model/stack/service.ts";
import type { BuiltImage } from "./metadata.ts";

/** An image that was given for a service. */
export interface GivenImage {
  /** The place for messages. */
  readonly path: string;
  /** A full name, or a tag of the image in the compose file. */
  readonly value: string;
}

interface GivenImages {
  /** By service. */
  readonly images: Readonly<Record<string, GivenImage>>;
  readonly problems: readonly Problem[];
}

/** A service of a release, with the name of its image in the compose file, if that has one. */
interface Wanted {
  readonly service: string;
  readonly name: ImageReference | undefined;
}

/**
 * The services of a release that builds made images for: by the name of the image in the compose file, and by the name
 * of the target where several builds, or none, have that name. Services that `decided` names are left out.
 */
export function imagesOfBuilds(
  services: readonly StackService[],
  built: readonly BuiltImage[],
  decided: readonly string[],
): GivenImages {
  const wanted = wantedImages(services);
  const images = new Map<string, GivenImage>();
  const problems: Problem[] = [];
  const used = new Set<BuiltImage>();
  for (const one of wanted) {
    const candidates = candidatesFor(one, built);
    candidates.forEach((candidate) => used.add(candidate));
    const [candidate, other] = candidates;
    if (candidate === undefined || decided.includes(one.service)) continue;
    if (other !== undefined) problems.push(twice(one, candidate, other));
    else {
      const image = imageOf(one, candidate);
      if ("what" in image) problems.push(image);
      else images.set(one.service, image);
    }
  }
  const unused = built.filter((one) => !used.has(one) && one.digest !== undefined);
  return { images: Object.fromEntries(images), problems: [...problems, ...unused.map((one) => unknown(one, wanted))] };
}

/** The services whose images come with a release, each once. */
function wantedImages(services: readonly StackService[]): readonly Wanted[] {
  const released = services.filter(({ imageFrom }) => imageFrom === "release");
  const byName = new Map(released.map(({ name, compose }) => [name, compose.image] as const));
  return [...byName].map(([service, written]) => ({ service, name: repositoryOf(written) }));
}

/** The repository of an image in the compose file; its tag may be a variable. */
export function repositoryOf(written: string | undefined): ImageReference | undefined {
  return parseImageReference((written ?? "").replace(/[:@][^/]*\$.*$/, ""));
}

const isSame = (a: ImageReference, b: ImageReference): boolean =>
  a.registry === b.registry && a.repository === b.repository;

/** The builds whose image a service may run. */
function candidatesFor({ service, name }: Wanted, built: readonly BuiltImage[]): readonly BuiltImage[] {
  const named = built.filter(({ names }) => name !== undefined && names.some((one) => isSame(one, name)));
  const ofTarget = built.filter(({ target }) => target === service);
  if (named.length === 0) return ofTarget;
  const both = ofTarget.filter((one) => named.includes(one));
  return named.length > 1 && both.length === 1 ? both : named;
}

function imageOf({ service, name }: Wanted, { path, names, digest }: BuiltImage): GivenImage | Problem {
  if (digest === undefined) {
    const todo = "push it, such as with `docker buildx bake --push`";
    return { path, what: `has no digest: the image of '${service}' was built and not pushed`, todo };
  }
  const own = names.filter((one) => name !== undefined && isSame(one, name));
  const pushed = mostPrecise(own.length === 0 ? names : own);
  if (pushed !== undefined) return { path, value: nameByDigest(pushed, digest) };
  if (name !== undefined) return { path, value: nameByDigest({ ...name, tag: undefined }, digest) };
  const what = `does not tell the name of the image of '${service}', and neither does the compose file`;
  return { path, what, todo: `write \`image:\` for '${service}', or give --image ${service}=registry/repository:tag` };
}

/** The name whose tag says most of the version. */
function mostPrecise(names: readonly ImageReference[]): ImageReference | undefined {
  return names.find(({ tag }) => tag !== undefined && tag !== "latest") ?? names[0];
}

function twice({ service, name }: Wanted, one: BuiltImage, other: BuiltImage): Problem {
  const what = `has the image of '${service}', and so has ${other.path}`;
  const image = name === undefined ? "registry/repository:tag" : "tag";
  return { path: one.path, what, todo: `name the one that is deployed with --image ${service}=<${image}>` };
}

function unknown({ path, target }: BuiltImage, wanted: readonly Wanted[]): Problem {
  const services = wanted.map(({ service }) => service);
  const what = "is an image of no service of the release";
  const otherwise =
    services.length === 0
      ? "set `release: true` for the service that it is of"
      : `give the target the name of its service, or name its image there; the services are ${services.join(", ")}`;
  return { path, what, todo: guess(target ?? "", services, otherwise) };
}
