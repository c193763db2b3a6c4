import { nameByDigest, parseImageReference, type ImageReference } from "../model/stack/images/reference.ts";
import type { Problem } from "../model/problem.ts";
import type { FoundImage, RegistryClient } from "./client.ts";
import { RegistryFault } from "./fault.ts";

/** An image to look up, and the platforms that it must have. */
interface WantedImage {
  /** The place that names it, for messages. */
  readonly path: string;
  /** As it is written there. */
  readonly image: string;
  readonly platforms: readonly string[];
}

/** An image that was found. */
interface LookedUp extends FoundImage {
  readonly reference: ImageReference;
  /** The name with tag and digest. */
  readonly name: string;
}

/** Images by the name as it was written, and every problem of those that were not found. */
export interface LookUps {
  readonly images: ReadonlyMap<string, LookedUp>;
  readonly problems: readonly Problem[];
}

/** Looks up images, all of them, and collects every problem. */
export async function lookUpImages(client: RegistryClient, wanted: readonly WantedImage[]): Promise<LookUps> {
  const platforms = (image: string): string[] =>
    [...new Set(wanted.filter((one) => one.image === image).flatMap((one) => one.platforms))].sort();
  const names = [...new Set(wanted.map(({ image }) => image))];
  const found = new Map(
    await Promise.all(names.map(async (name) => [name, await lookUp(client, name, platforms(name))] as const)),
  );
  const images = new Map<string, LookedUp>();
  const problems: Problem[] = [];
  for (const { path, image, platforms: needed } of wanted) {
    const result = found.get(image);
    if (result === undefined || result instanceof RegistryFault) {
      if (result !== undefined) problems.push({ path, what: `'${image}' ${result.what}`, todo: result.todo });
      continue;
    }
    const missing = needed.filter((platform) => !result.platforms.includes(platform));
    if (missing.length > 0) problems.push(missingPlatform(path, result, missing));
    else images.set(image, result);
  }
  return { images, problems };
}

async function lookUp(
  client: RegistryClient,
  image: string,
  platforms: readonly string[],
): Promise<LookedUp | RegistryFault> {
  const reference = parseImageReference(image);
  if (reference === undefined) return new RegistryFault("is not an image name", "write it as registry/repository:tag");
  try {
    const found = await client.find(reference, platforms);
    return { ...found, reference, name: nameByDigest(reference, found.digest) };
  } catch (error) {
    if (error instanceof RegistryFault) return error;
    throw error;
  }
}

function missingPlatform(path: string, { name, platforms }: LookedUp, missing: readonly string[]): Problem {
  const what = `'${name}' has no image for ${missing.join(" and ")}, but for ${told(platforms)}`;
  return { path, what, todo: "build it for that platform too, use another image, or correct `platforms`" };
}

/** A registry may name any number of platforms, of any length. */
function told(platforms: readonly string[]): string {
  const text = platforms.join(", ") || "none";
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
