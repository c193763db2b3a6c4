import { z } from "zod";
import { colours } from "../../colour.ts";
import { shortReason } from "../../reason.ts";

export const colourSchema = z.enum(colours);

/**
 * The state of a colour. `live` serves; `warm` is the verified previous release, kept to switch back; `held` is a
 * colour that a hold names; `starting` comes up, or was left by a run that died; `idle` has no containers.
 */
const colourStateSchema = z.enum(["idle", "starting", "live", "warm", "held"]);

/** One of the two colours of a release. */
const colourFactSchema = z.object({
  colour: colourSchema,
  state: colourStateSchema,
  /** Version of its release, empty if it is idle. */
  release: z.string(),
  /** Empty if it is idle, or where it is not known. */
  commit: z.string(),
  /** Hash of the rollout document that it was made from, empty if it is idle. */
  hash: z.string(),
  /** When it began to serve, or was prepared; empty if it is idle. */
  since: z.string(),
  /** A run confirmed it. */
  verified: z.boolean(),
});

/** A release that plan and `up` refuse. */
export const holdSchema = z.object({
  release: z.string(),
  /** Hash of the rollout document. */
  hash: z.string(),
  /** The phase that failed, such as `watch`; `hand` if a person left the release. */
  by: z.string(),
  /** The person or job that left it by hand, empty otherwise. */
  who: z.string(),
  why: z.string(),
  since: z.string(),
});

/** A change of the database to which releases led, the newest at the end. */
export const schemaStepSchema = z.object({
  /** The schema that the release document names; without one, the images of the migrations. */
  schema: z.string(),
  /** Whether the release document names it: only then it is known what works with what. */
  named: z.boolean(),
  /** It does not work with the release before it. */
  contract: z.boolean(),
  /** Version of the release that led to it, and its run. */
  release: z.string(),
  run: z.string(),
});

/** What became of requests from the switch of a run to the end of its watch. */
export const trafficSchema = z.object({
  /** Requests of slipway's own, to the published entry points in turn. */
  asked: z.number(),
  /** Those of them that got no answer, or an error of the server. */
  failed: z.number(),
  /** Answers of the proxy with an error of the server, to everybody; undefined where its log could not be read. */
  errors: z.number().optional(),
});

/** One line of the records of a stack's runs. */
export const recordSchema = z.object({
  /** Id of the run. */
  run: z.string(),
  time: z.string(),
  /** A run writes `begun`, and one other line when it ends. */
  verdict: z.enum(["begun", "done", "verified", "switched back", "resumed", "failed", "unconfirmed", "lost"]),
  holder: z.string(),
  job: z.string(),
  /** Version of the release that the run brought, went back to or resumed, empty if it brought none. */
  release: z.string(),
  /** Commit of the release, empty if it is not known. */
  commit: z.string(),
  /** By service, the proxy's as `slipway-proxy`; only where the release serves and is verified. */
  images: z.record(z.string(), z.string()),
  /** Hash of the rollout document; only where the release serves and is verified. */
  hash: z.string(),
  /** The schema that the release document names, empty without one, and whether it is a contract. */
  schema: z.string(),
  contract: z.boolean(),
  /** The values that were built into images, by name, and whether no other environment may run the image. */
  buildArguments: z.record(z.string(), z.object({ value: z.string(), environment: z.boolean() })),
  /** The schema of the database when the run began and when it ended, as in the steps; empty where there is none. */
  database: z.object({ before: z.string(), after: z.string() }),
  /** Seconds by phase. */
  phases: z.record(z.string(), z.number()),
  /** Present where the run moved the traffic from one release to another. */
  traffic: trafficSchema.optional(),
  /** Why it failed, or what was left by hand; empty otherwise. */
  why: z.string(),
  /** Present where neither colour was well, or what serves is not. */
  critical: z.literal(true).optional(),
});

/** What is known of a stack's releases on a server. */
export const releaseSchema = z.object({
  colours: z.array(colourFactSchema).readonly(),
  holds: z.array(holdSchema).readonly(),
  /** The record of the release that was verified last, or went back to, and is not held. */
  verified: recordSchema.optional(),
  /** The last records, the newest at the end. */
  records: z.array(recordSchema).readonly(),
  /** Lines of the records that cannot be read, in words for people. */
  damage: z.array(z.string()).readonly(),
  schemas: z.array(schemaStepSchema).readonly(),
  /** The images of these records that the server lacks; only where more records than usual were asked for. */
  missingImages: z.array(z.string()).readonly(),
});

export type ColourFact = Readonly<z.output<typeof colourFactSchema>>;
export type Hold = Readonly<z.output<typeof holdSchema>>;
export type SchemaStep = Readonly<z.output<typeof schemaStepSchema>>;
export type Traffic = Readonly<z.output<typeof trafficSchema>>;
export type RunRecord = Readonly<z.output<typeof recordSchema>>;
export type ReleaseFact = Readonly<z.output<typeof releaseSchema>>;

/** Why a release is held, as a part of a message: `'1.2.1' is held by watch since …: why`. */
export function heldText({ release, by, who, since, why }: Hold): string {
  const person = who === "" ? "" : ` (${who})`;
  return `'${release}' is held by ${by}${person} since ${since}: ${shortReason(why)}`;
}

/** What to do about a release that is held. */
export function heldAdvice({ release }: Pick<Hold, "release">): string {
  return `release another version, or let this one be deployed again with \`slipway resume ${release}\``;
}

/** Tells a record that has everything to deploy its release again: it served, and was verified. */
export function isWhole({ verdict, images }: Pick<RunRecord, "verdict" | "images">): boolean {
  return (verdict === "verified" || verdict === "switched back") && Object.keys(images).length > 0;
}
