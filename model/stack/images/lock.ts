import { Document, visit } from "yaml";
import { z } from "zod";
import type { Service } from "../../compose/application.ts";
import type { Problem } from "../../problem.ts";
import { defaultProxyImage } from "../../proxy.ts";
import type { Deployment } from "../deployment.ts";
import { digestForm, nameByDigest, parseImageReference, shortName, taggedName } from "./reference.ts";

/** The file with the digests of tags, in the folder of Pulumi.yaml. */
export const imageLockFile = "slipway.lock";

const platformForm = /^[\w.-]{1,64}\/[\w.-]{1,64}(?:\/[\w.-]{1,64})?$/;

const lockedImage = z.strictObject({
  digest: z.string().regex(digestForm, "is not a digest of an image"),
  platforms: z.array(z.string().regex(platformForm, "is not a platform")),
  version: z.string().optional(),
});

/** The content of `slipway.lock`, which `slipway lock` writes. */
export const imageLockSchema = z.strictObject({
  images: z.record(
    z.string().refine((name) => isTaggedName(name), "is not the name of an image with its tag"),
    lockedImage,
  ),
});

/** The digests of tags, by the name with the tag, such as `postgres:17-alpine`. */
export type ImageLock = Readonly<z.output<typeof imageLockSchema>["images"]>;

/** One image of the lock. */
export type LockedImage = Readonly<z.output<typeof lockedImage>>;

/** A deployment as far as its images need it. */
type Images = Pick<Deployment, "application" | "services" | "images" | "proxy" | "migrations">;

const head = "# Written by `slipway lock`. Commit it, and change it by that command alone.\n";

/** The text of `slipway.lock`. Equal locks have equal texts: everything is sorted, and no line is folded. */
export function imageLockText(images: ImageLock): string {
  const sorted = Object.entries(images).map(([name, { digest, platforms, version }]): [string, LockedImage] => [
    name,
    { digest, platforms: [...platforms].sort(), ...(version !== undefined && { version }) },
  ]);
  const document = new Document({ images: Object.fromEntries(sorted) }, { sortMapEntries: true });
  visit(document, { Seq: (_key, node) => void (node.flow = true) });
  return head + document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function isTaggedName(name: string): boolean {
  const reference = parseImageReference(name);
  return reference !== undefined && taggedName(reference) === name;
}

/** The name of an image in the lock; undefined if it has a digest, or is no name of an image. */
export function nameInLock(image: string | undefined): string | undefined {
  const reference = parseImageReference(image ?? "");
  return reference === undefined || reference.digest !== undefined ? undefined : taggedName(reference);
}

/** The services whose images come from elsewhere: all but those of the release, and those that are built. */
export function servicesWithTags({ application, services, migrations }: Images): readonly Service[] {
  const all = [...Object.values(application.services), ...migrations.map(({ service }) => service)];
  const isReleased = ({ name }: Service): boolean => services[name]?.release === true;
  const made = all.filter((service) => service.built === true || isReleased(service)).map(({ image }) => image);
  return all.filter((service) => !isReleased(service) && service.built !== true && !made.includes(service.image));
}

/** Takes the digests of a deployment's tags from the lock. A set image wins; a rule refuses it beside the lock. */
export function withImageLock<Given extends Images>(deployment: Given, lock: ImageLock): Given {
  const named = servicesWithTags(deployment).flatMap(({ name, image }): [string, string][] => {
    const found = fromLock(image, lock);
    return found === undefined ? [] : [[name, found]];
  });
  const { image } = deployment.proxy;
  const usual = fromLock(defaultProxyImage, lock);
  return {
    ...deployment,
    images: { ...Object.fromEntries(named), ...deployment.images },
    proxy: { ...deployment.proxy, image: fromLock(image, lock) ?? image, ...(usual !== undefined && { usual }) },
    locked: Object.keys(lock),
  };
}

function fromLock(image: string | undefined, lock: ImageLock): string | undefined {
  const reference = parseImageReference(image ?? "");
  if (reference === undefined || reference.digest !== undefined) return undefined;
  const entry = lock[taggedName(reference)];
  return entry === undefined ? undefined : nameByDigest({ ...reference, tag: reference.tag ?? "latest" }, entry.digest);
}

/** The problem of a tag for which the lock has no digest. */
export function missingInLock(image: string, user: string, locked: readonly string[]): Problem {
  const reference = parseImageReference(image);
  if (reference === undefined) {
    const what = `'${image}', the image of ${user}, is not a name of an image`;
    return { path: imageLockFile, what, todo: "write it as registry/repository:tag" };
  }
  const other = locked.find((name) => {
    const held = parseImageReference(name);
    return held !== undefined && shortName(held) === shortName(reference);
  });
  const but = other === undefined ? "" : `, only for '${other}'`;
  const what = `has no digest for '${taggedName(reference)}', the image of ${user}${but}`;
  return { path: imageLockFile, what, todo: "run `slipway lock`" };
}
