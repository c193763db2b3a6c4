import { readdirSync } from "node:fs";
import { join } from "node:path";
import { usualKeep, withoutTag, type KeepRule, type RetentionFacts } from "../../model/facts/images/retention.ts";
import { stackOfFile } from "../../model/server-places.ts";
import type { ListedImage } from "../docker/image-store.ts";
import { isPin } from "../images/pins.ts";
import { PulledImages } from "../images/pulled.ts";
import { stackPlaces, type StackPlaces } from "../places.ts";
import { Records } from "../records/records.ts";
import { adoptionOf } from "../state/adoption-memory.ts";
import { StackState } from "../state/stack-state.ts";
import type { View } from "../view.ts";

/** The rule that a stack was deployed with. */
export function keepRule(state: StackState): KeepRule {
  return state.body("images")?.keep ?? usualKeep;
}

/** Finds everything that decides what happens to a stack's images. */
export async function retentionFacts(view: View, listed: readonly ListedImage[]): Promise<RetentionFacts> {
  const { places, state } = view;
  const containers = await view.containers();
  const used = containers.flatMap(({ imageId, image, inspection }) => [
    imageId,
    withoutTag(image),
    inspection.ImageManifestDescriptor?.digest ?? imageId,
  ]);
  return {
    images: listed.map(({ id, tags, digests, size }) => ({
      ...{ id, size, references: digests },
      tags: tags.filter((tag) => !isPin(tag)),
    })),
    pulled: new PulledImages(places).all(),
    used: new Set(used),
    declared: new Set(declaredBy(state)),
    others: new Set([...keptByAdoption(state), ...otherStacks(places).flatMap(neededBy)]),
    verified: verifiedOf(places),
  };
}

function declaredBy(state: StackState): string[] {
  return Object.keys(state.body("images")?.images ?? {}).map(withoutTag);
}

/** Also of a project that another stack has adopted: it needs its images to go back. */
function keptByAdoption(state: StackState): string[] {
  const containers = adoptionOf(state)?.containers ?? [];
  return containers.flatMap(({ description }) => [description.Image, withoutTag(description.Config.Image)]);
}

function otherStacks(places: StackPlaces): StackPlaces[] {
  return namesIn(join(places.state, "stacks"))
    .filter((name) => stackOfFile(name) !== places.stack)
    .map((name) => stackPlaces(places, stackOfFile(name)));
}

/** What another stack needs: deployed, to go back to its last releases, or to an adopted project. */
function neededBy(places: StackPlaces): string[] {
  const state = new StackState(places);
  const releases = verifiedOf(places).slice(0, Math.max(keepRule(state).releases, 2));
  return [...declaredBy(state), ...keptByAdoption(state), ...releases.flatMap(({ images }) => images)];
}

function verifiedOf(places: StackPlaces): RetentionFacts["verified"] {
  return new Records(places)
    .all()
    .filter(({ verdict }) => verdict === "verified")
    .map(({ release, images }) => ({ release, images: Object.values(images).map(withoutTag) }))
    .reverse();
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // no stack was here yet
  }
}
