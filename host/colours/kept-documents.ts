import { z } from "zod";
import { colours as allColours, type Colour } from "../../model/colour.ts";
import { readDocument } from "../../model/document/reader.ts";
import { writeDocument } from "../../model/document/writer.ts";
import type { Applied, StackState } from "../state/stack-state.ts";
import type { Colours } from "./colours.ts";

/** The objects whose documents a release brings. */
const objects = ["images", "rollout", "confirm"] as const;

const keptSchema = z.array(
  z.object({ object: z.string(), resource: z.string(), kind: z.string(), hash: z.string(), text: z.string() }),
);

type KeptDocument = z.output<typeof keptSchema>[number];

const memoryOf = (colour: Colour): string => `documents in ${colour}`;

/**
 * Keeps the documents of the release that serves, once it is verified. A switch back makes those of the colour that
 * serves again the applied ones, so that it is no drift, and the next `up` has nothing to do.
 */
export function keepDocuments(colours: Colours, state: StackState): void {
  const { live } = colours;
  const entry = live && colours.of(live);
  if (live === undefined || entry?.verified !== true) return;
  const applied = objects.flatMap((object) => state.applied(object) ?? []);
  const isOfIt = applied.some(({ object, hash }) => object === "rollout" && hash === entry.hash);
  const isConfirmed = state.body("confirm")?.rollout === entry.hash;
  if (!isOfIt || !isConfirmed) return;
  const kept = applied.map(({ object, resource, kind, hash, text }) => ({ object, resource, kind, hash, text }));
  if (JSON.stringify(state.memory(memoryOf(live), keptSchema)) !== JSON.stringify(kept)) {
    state.remember(memoryOf(live), kept);
  }
}

/** Makes all kept documents of a colour the applied ones, or none of them. */
export function restoreDocuments(colour: Colour, hash: string, state: StackState): void {
  const kept = state.memory(memoryOf(colour), keptSchema) ?? [];
  if (!kept.some((one) => one.object === "rollout" && one.hash === hash)) return;
  const restored = kept.flatMap((one) => restoredDocument(one, state) ?? []);
  if (restored.length < kept.length) return;
  for (const one of restored) if (state.applied(one.object)?.hash !== one.hash) state.writeApplied(one);
}

/** A kept document with a number that no document had before; undefined if it cannot be the applied one. */
function restoredDocument({ text, ...own }: KeptDocument, state: StackState): Applied | undefined {
  const now = state.applied(own.object);
  const document = readDocument(text)?.document;
  // A document of a resource with a former name would take the object away from the resource of now.
  if (now === undefined || document === undefined || now.resource !== own.resource) return undefined;
  const number = { order: now.number.order + 1, attempt: `back${now.number.attempt}` };
  return { ...own, number, text: writeDocument(document, number) };
}

/** Forgets the documents of both colours. */
export function forgetDocuments(state: StackState): void {
  for (const colour of allColours) state.forgetMemory(memoryOf(colour));
}
