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

/** One change, in words that people know. */
const changedFieldSchema = z.object({
  /** The thing that changes, such as `api image` or `variable STRIPE_SECRET_KEY`. */
  path: z.string(),
  /** The applied value, empty if there was none. A value that may be a secret is never here. */
  from: z.string(),
  /** The wanted value, empty if there is none. */
  to: z.string(),
});

const documentSchema = z.object({
  resource: z.string(),
  kind: z.string(),
  object: z.string(),
  number: z.string(),
  hash: z.string(),
  change: changeSchema,
  /** The fields that change; empty if none does, if the document is new, or if the applied document is not known. */
  changes: z.array(changedFieldSchema).readonly(),
  /**
   * The cost: nothing; no gap although something moves; a restart of services that no request needs; a gap; or data that
   * could be lost.
   */
  impact: z.enum(["none", "live", "restart", "gap", "data"]),
  /** The impact in words. */
  meaning: z.string(),
  gap: z
    .object({
      /** The usual length of the gap. */
      seconds: z.number(),
      /** The longest; after that the run fails. */
      atMost: z.number(),
    })
    .optional(),
  /** The text that the server would be sent. */
  text: z.string(),
});

/** A document that was applied and is declared no longer, and what becomes of the things that it made. */
const removedSchema = z.object({ resource: z.string(), object: z.string(), meaning: z.string() });

const serviceSchema = z.object({
  service: z.string(),
  /**
   * `may restart` where it is not known what was before; `is replaced` has no gap: the next container answers before
   * this one goes.
   */
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

/** The containers of one service in one run: what becomes of them, and why. */
export type ServiceMove = Readonly<z.output<typeof serviceSchema>>;

/** A service's image as it runs, beside the one that is declared. */
export type ServiceImage = Readonly<z.output<typeof imageSchema>>;

/** One change, in words that people know. */
export type ReportedChange = Readonly<z.output<typeof changedFieldSchema>>;

/** The cost of a change for those who use the application. */
export type Impact = PrintedDocument["impact"];

/** The time for which users get no answer. */
export type Gap = NonNullable<PrintedDocument["gap"]>;

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
