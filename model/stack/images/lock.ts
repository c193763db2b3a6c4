import { Document, visit } from "yaml";
import { z } from "zod";
import type { Problem } from "../../problem.ts";
import { digestForm, parseImageReference, shortName, taggedName } from "./reference.ts";

/** The file with the digests of tags, in the folder of Pulumi.yaml. */
export const imageLockFile = "slipway.lock";

const platformForm = /^[\w.-]{1,64}\/[\w.-]{1,64}(?:\/[\w.-]{1,64})?$/;

const entrySchema = z.strictObject({
  digest: z.string().regex(digestForm, "is not a digest of an image"),
  platforms: z.array(z.string().regex(platformForm, "is not a platform")),
  version: z.string().optional(),
});

/** The content of `slipway.lock`, which `slipway lock` writes. */
export const imageLockSchema = z.strictObject({
  images: z.record(
    z.string().refine((name) => isTaggedName(name), "is not the name of an image with its tag"),
    entrySchema,
  ),
});

/** The digests of tags, by the name with the tag, such as `postgres:17-alpine`. */
export type ImageLock = Readonly<z.output<typeof imageLockSchema>["images"]>;

/** One image of the lock. */
export type LockedImage = Readonly<z.output<typeof entrySchema>>;

const head = "# Written by `slipway lock`. Commit it, and change it only with that command.\n";

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

/** The name of an image in the lock; undefined if it has a digest. A text that is no such name is in no lock. */
export function nameInLock(image: string): string | undefined {
  const reference = parseImageReference(image);
  if (reference === undefined) return image;
  return reference.digest === undefined ? taggedName(reference) : undefined;
}

/**
 * The image, as it is written, by the digest that the lock has for its tag; undefined if the lock has none, or if the
 * image is by digest.
 */
export function lockedImage(image: string | undefined, lock: ImageLock): string | undefined {
  const reference = parseImageReference(image ?? "");
  if (reference === undefined || reference.digest !== undefined) return undefined;
  const entry = lock[taggedName(reference)];
  if (image === undefined || entry === undefined) return undefined;
  const isTagged = image.includes(":", image.lastIndexOf("/") + 1);
  return `${image}${isTagged ? "" : ":latest"}@${entry.digest}`;
}

/** The platforms for which the lock has an image; undefined if it has none for its tag. */
export function lockedPlatforms(image: string | undefined, lock: ImageLock): readonly string[] | undefined {
  const name = nameInLock(image ?? "");
  return name === undefined ? undefined : lock[name]?.platforms;
}

/** The problem of a tag for which the lock has no digest. */
export function missingInLock(image: string, user: string, locked: readonly string[]): Problem {
  const reference = parseImageReference(image);
  if (reference === undefined) {
    const what = `'${image}', the image of ${user}, is not an image name`;
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
