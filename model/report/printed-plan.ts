import { z } from "zod";
import { differenceSchema, remarkSchema, writtenFileSchema } from "../facts/observation.ts";

/** Grows when a field changes its meaning, when one goes, and when one comes that is not optional. */
export const printedVersion = 3;

/** Why a document is sent. */
const changeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["same", "new", "changed"]) }),
  z.object({ kind: z.literal("repair"), differences: z.array(differenceSchema).readonly() }),
  z.object({ kind: z.literal("blind"), likely: z.enum(["same", "changed", "new"]) }),
]);

const documentSchema = z.object({
  resource: z.string(),
  kind: z.string(),
  object: z.string(),
  number: z.string(),
  hash: z.string(),
  change: changeSchema,
  /** The fields that change; empty if none does, if the document is new, or if the applied document is not known. */
  changes: z.array(z.object({ path: z.string(), from: z.string(), to: z.string() })).readonly(),
  impact: z.enum(["none", "live", "restart", "gap", "data"]),
  /** The impact in words. */
  meaning: z.string(),
  /** In seconds: the usual length of the gap, and the longest before the run fails. */
  gap: z.object({ seconds: z.number(), atMost: z.number() }).optional(),
  /** The text that the server would be sent. */
  text: z.string(),
});

/** A document that was applied and is declared no longer, and what becomes of the things that it made. */
const removedSchema = z.object({ resource: z.string(), object: z.string(), meaning: z.string() });

const serviceSchema = z.object({
  service: z.string(),
  move: z.enum(["starts", "restarts", "may restart", "is replaced", "stops"]),
  reasons: z.array(z.string()).readonly(),
});

const imageSchema = z.object({
  service: z.string(),
  declared: z.string(),
  /** Images of the running containers; undefined if the server was not observed. */
  running: z.array(z.string()).readonly().optional(),
});

const findingSchema = z.object({
  rule: z.string(),
  service: z.string(),
  level: z.enum(["advisory", "mandatory", "waived"]),
  what: z.string(),
  todo: z.string(),
  /** The reason of a waiver. */
  reason: z.string().optional(),
});

/** One difference between a server and an applied document. */
export const driftSchema = differenceSchema.extend({ resource: z.string() });

const hostSchema = z.object({
  address: z.string(),
  /** The knowledge of the server: an observation, the stack's outputs, or an earlier printed plan. */
  made: z.enum(["observed", "blind", "offline"]),
  documents: z.array(documentSchema).readonly(),
  removed: z.array(removedSchema).readonly(),
  services: z.array(serviceSchema).readonly(),
  /** Everything that is not as it was applied; `up` repairs it. */
  drift: z.array(driftSchema).readonly(),
  /** Everything in the stack's place that is not part of the stack; it is left alone. */
  remarks: z.array(remarkSchema).readonly(),
  images: z.array(imageSchema).readonly(),
  /** The delivered files, each with the number of the document that wrote it. */
  written: z.array(writtenFileSchema).readonly(),
});

const planSchema = z.object({
  version: z.literal(printedVersion),
  stack: z.string(),
  release: z.string().optional(),
  /** There was no release document, so the release that was applied last stays. */
  keepsRelease: z.boolean(),
  /** Configuration paths whose values are not known without engine, keys and server. */
  unknown: z.array(z.string()).readonly(),
  /** By name. */
  hosts: z.record(z.string(), hostSchema),
  findings: z.array(findingSchema).readonly(),
  /** By name: sums of the variables that are no secrets, for a later plan without the key. */
  plain: z.record(z.string(), z.string()),
});

/**
 * A plan as people and other programs read it, and as a deploy publishes it for plans that may not ask the server.
 * Names and fingerprints are in it, no value of a secret.
 */
export type PrintedPlan = Readonly<z.output<typeof planSchema>>;

/** One server of a printed plan. */
export type PrintedHost = Readonly<z.output<typeof hostSchema>>;

/** One document of a printed plan. */
export type PrintedDocument = Readonly<z.output<typeof documentSchema>>;

/** One difference between a server and an applied document. */
export type Drift = Readonly<z.output<typeof driftSchema>>;

/** Reads a plan that this version of slipway printed; undefined if the text is anything else. */
export function readPrintedPlan(text: string): PrintedPlan | undefined {
  try {
    return planSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
