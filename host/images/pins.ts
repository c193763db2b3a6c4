import { messageOf } from "../../model/problem.ts";
import type { ListedImage } from "../docker/image-store.ts";
import type { Work } from "../work.ts";

/** The first part of the tags by which a stack keeps its images: a prune of the engine removes those without a tag. */
const prefix = "slipway-keep";

/** The repository of a stack's tags, whatever letters its name has. */
export function pinRepository(stack: string): string {
  const parts = stack.split("/").map((part) => part.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"));
  return [prefix, ...parts.map((part) => part.replaceAll(/^-|-$/g, ""))].join("/");
}

/** The tags of any stack; all others are people's. */
export function isPin(tag: string): boolean {
  return tag.startsWith(`${prefix}/`);
}

/** The tags by which a stack keeps an image. */
export function pinsOf({ tags }: Pick<ListedImage, "tags">, stack: string): string[] {
  return tags.filter((tag) => tag.startsWith(`${pinRepository(stack)}:`));
}

/** Keeps images from a prune of those without a tag. What cannot be tagged fails nothing. */
export async function pinImages(
  references: readonly string[],
  { engine, places, say }: Pick<Work, "engine" | "places" | "say">,
): Promise<void> {
  for (const reference of references) {
    const [, digest = ""] = reference.split("@sha256:");
    if (digest === "") continue;
    try {
      await engine.store.tag(reference, pinRepository(places.stack), digest.slice(0, 12));
    } catch (error) {
      say("images", `cannot tag ${reference} to keep it from a prune: ${messageOf(error)}`);
    }
  }
}
