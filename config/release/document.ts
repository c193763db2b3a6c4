import type { Service } from "../../model/compose/application.ts";
import { guess } from "../../model/guess.ts";
import type { Problem } from "../../model/problem.ts";
import { ensureVersionIsPlain } from "../../model/render/routes.ts";
import type { Deployment } from "../../model/stack/deployment.ts";
import { servicesWithTags } from "../../model/stack/images/lock.ts";
import { parseImageReference, shortName } from "../../model/stack/images/reference.ts";
import { digestReference, releaseSchema, type Release } from "../../model/stack/release.ts";
import { platformsOf } from "../images/lock.ts";
import { problemsOf } from "../problems.ts";
import type { Draft } from "../draft.ts";

/** A stack for which a release is made. */
interface ReleasedStack {
  readonly draft: Draft;
  readonly deployment: Deployment;
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
 * same image in the compose file. A service that is none, and a release service without an image, are problems.
 */
export function releaseImages(
  stacks: readonly ReleasedStack[],
  given: Readonly<Record<string, string>>,
): ReleaseImages {
  const services = stacks.flatMap(({ deployment }) => servicesOf(deployment));
  const names = [...new Set(services.map(({ name }) => name))];
  const images: ReleaseImage[] = [];
  const problems: Problem[] = [];
  for (const [service, value] of Object.entries(given)) {
    const path = `--image ${service}`;
    const found = services.filter(({ name }) => name === service).map(({ image }) => image);
    const image = wholeName(
      value,
      found.find((one) => one !== undefined),
    );
    if (found.length === 0)
      problems.push({ path, what: "is not a service of the compose files", todo: guess(service, names) });
    else if (image === undefined) problems.push(tagAlone(path, value));
    else images.push({ path, service, image, platforms: platformsIn(stacks, service) });
  }
  const required = [...new Set(stacks.flatMap(({ deployment }) => servicesWithoutImage(deployment)))].sort();
  for (const name of required.filter((one) => given[one] === undefined)) {
    const same = sameImage(name, services, images);
    if (same !== undefined) images.push({ ...same, service: name, platforms: platformsIn(stacks, name) });
    else problems.push(missingImage(name));
  }
  return { images, problems };
}

/** Puts a release together from images by digest, by service. */
export function releaseOf(said: {
  readonly version: string | undefined;
  readonly commit: string | undefined;
  readonly images: Readonly<Record<string, string>>;
}): { readonly release: Release | undefined; readonly problems: readonly Problem[] } {
  const { commit, images } = said;
  const version = said.version ?? commonTag(Object.values(images));
  if (version === undefined) {
    const what = "is missing, and the images have no tag in common that could name the release";
    return { release: undefined, problems: [{ path: "--version", what, todo: "add it, such as --version 1.4.2" }] };
  }
  const sorted = Object.fromEntries(Object.entries(images).sort(([a], [b]) => (a < b ? -1 : 1)));
  const value = { version, ...(commit !== undefined && { commit }), images: sorted };
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
  const all = stacks.flatMap(({ draft, deployment }) =>
    servicesOf(deployment).flatMap((service) => (service.name === name ? platformsOf(service, draft) : [])),
  );
  return [...new Set(all)].sort();
}

function servicesOf({ application, migrations }: Deployment): Service[] {
  return [...Object.values(application.services), ...migrations.map(({ service }) => service)];
}

/** The services whose image only a release can tell. */
function servicesWithoutImage(deployment: Deployment): string[] {
  const tagged = servicesWithTags(deployment).filter(({ image }) => image !== undefined);
  const all = servicesOf(deployment);
  const { migrations, images, services } = deployment;
  const sharesImage = ({ name, image }: Service): boolean =>
    all.some((other) => other.name !== name && image !== undefined && other.image === image);
  return all
    .filter((service) => !tagged.includes(service))
    .filter(({ name, image }) => {
      const isSet = images[name] !== undefined || digestReference.test(image ?? "");
      return services[name]?.release === true || !isSet;
    })
    .filter((service) => !migrations.some(({ service: { name } }) => name === service.name) || !sharesImage(service))
    .map(({ name }) => name);
}

/** A name with its repository: as given, or the compose file's with the tag that was given alone. */
function wholeName(value: string, written: string | undefined): string | undefined {
  if (/[/:@]/.test(value)) return value;
  const reference = parseImageReference((written ?? "").replace(/[:@][^/]*\$.*$/, ""));
  return reference === undefined ? undefined : `${shortName(reference)}:${value}`;
}

function tagAlone(path: string, value: string): Problem {
  const what = `is a tag alone, and the compose file does not say of which image, got '${value}'`;
  return { path, what, todo: `write it as registry/repository:${value}` };
}

function sameImage(
  name: string,
  services: readonly Service[],
  images: readonly ReleaseImage[],
): ReleaseImage | undefined {
  const imageOf = (of: string): string | undefined => services.find((service) => service.name === of)?.image;
  const image = imageOf(name);
  return image === undefined ? undefined : images.find(({ service }) => imageOf(service) === image);
}

function missingImage(name: string): Problem {
  const what = `is missing for '${name}', whose image comes with the release`;
  return { path: "--image", what, todo: `add --image ${name}=registry/repository:tag` };
}

/** The tag of all images, if they have one in common that says more than `latest`. */
function commonTag(images: readonly string[]): string | undefined {
  const [tag, ...others] = new Set(images.map((image) => parseImageReference(image)?.tag));
  return others.length > 0 || tag === "latest" ? undefined : tag;
}
