import { z } from "zod";
import { unhealthySchema } from "../facts/health.ts";
import { differenceSchema, remarkSchema, writtenFileSchema } from "../facts/observation.ts";
import { parseJson } from "../json.ts";
import { changeSchema } from "../plan/planned-document.ts";
import { findingSchema } from "../policy/policy.ts";

/** The version of the format: it grows when a field changes its meaning, is removed, or is added as required. */
export const printedVersion = 3;

/** One change in the words of users. */
const changedFieldSchema = z.object({
  /** The thing that changes, such as `api image` or `variable STRIPE_SECRET_KEY`. */
  path: z.string(),
  /** The applied value, empty if there was none. Values that may be secret are never printed. */
  from: z.string(),
  /** The desired value, empty if there is none. */
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
   * The cost: nothing; a change without a gap; a restart of services that no request needs; a gap; or a change that
   * concerns data.
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

/** An applied document that is no longer declared; `meaning` tells what happens to the things that it made. */
const removedSchema = z.object({ resource: z.string(), object: z.string(), meaning: z.string() });

const serviceSchema = z.object({
  service: z.string(),
  /**
   * `may restart` if the applied document is not known. `is replaced` has no gap: the new container answers before the
   * old one stops. A job `runs again`.
   */
  move: z.enum(["starts", "restarts", "may restart", "runs again", "is replaced", "stops"]),
  reasons: z.array(z.string()).readonly(),
});

const imageSchema = z.object({
  service: z.string(),
  declared: z.string(),
  /** Images of the running containers; undefined if the server was not observed. */
  running: z.array(z.string()).readonly().optional(),
});

/** One difference between a server and an applied document. */
export const driftSchema = differenceSchema.extend({ resource: z.string() });

const hostSchema = z.object({
  address: z.string(),
  /** The pinned host key. Address and key are compared by offline plans, which ask no server with a key of deploys. */
  hostKey: z.string(),
  /** The address at the last deploy, if the stack now names another server: other address, or other host key. */
  movedFrom: z.string().optional(),
  /**
   * The knowledge of the server: an observation, the stack's outputs, an earlier printed plan, or an observation by a
   * run without the keys of deployments, which knows no secret.
   */
  made: z.enum(["observed", "blind", "offline", "offline with facts"]),
  documents: z.array(documentSchema).readonly(),
  removed: z.array(removedSchema).readonly(),
  services: z.array(serviceSchema).readonly(),
  /** Everything that differs from what was applied; `up` repairs it. */
  drift: z.array(driftSchema).readonly(),
  /** The applied services that are not well. It changes nothing: `up` waits for them, and fails if they stay so. */
  ill: z.array(unhealthySchema).readonly(),
  /** Everything on the server beside the stack; it is left alone. */
  remarks: z.array(remarkSchema).readonly(),
  images: z.array(imageSchema).readonly(),
  /** The release in each colour, and every release that is held. */
  releases: z.array(z.object({ where: z.string(), found: z.string() })).readonly(),
  /** The networks that the stack has on the server, with their subnets, also those that the server chose. */
  networks: z.array(z.object({ network: z.string(), subnets: z.array(z.string()).readonly() })).readonly(),
  /** The delivered files, each with the number of the document that wrote it. */
  written: z.array(writtenFileSchema).readonly(),
});

const planSchema = z.object({
  version: z.literal(printedVersion),
  stack: z.string(),
  release: z.string().optional(),
  /** There was no release document, so the release that was verified last stays. */
  keepsRelease: z.boolean(),
  /** The run and the time of the record to which it goes back; undefined if it does not. */
  rollback: z.object({ run: z.string(), time: z.string() }).optional(),
  /** Configuration paths with unknown values, for an offline plan. */
  unknown: z.array(z.string()).readonly(),
  /** Names of variables that are taken to be as they were deployed, since an offline plan cannot compare them. */
  unknownVariables: z.array(z.string()).readonly(),
  /** By name. */
  hosts: z.record(z.string(), hostSchema),
  findings: z.array(findingSchema).readonly(),
  /** Everything of the compose file that is left out, or differs from what Compose would do. */
  notes: z.array(z.string()).readonly(),
  /** Sums of the variables that are not secret, by name, for a later plan without the HMAC key. */
  plain: z.record(z.string(), z.string()),
});

/**
 * A plan for users and other programs, which a deploy also publishes for later plans without a server. It holds names
 * and fingerprints of secrets, no values.
 */
export type PrintedPlan = Readonly<z.output<typeof planSchema>>;

/** The effect of a run on the containers of one service, with the reasons. */
export type ServiceMove = Readonly<z.output<typeof serviceSchema>>;

/** The running and the declared image of a service. */
export type ServiceImage = Readonly<z.output<typeof imageSchema>>;

/** One change in the words of users. */
export type ReportedChange = Readonly<z.output<typeof changedFieldSchema>>;

/** The cost of a change for the application's users. */
export type Impact = PrintedDocument["impact"];

/** The time in which users get no answer. */
export type Gap = NonNullable<PrintedDocument["gap"]>;

/** One server of a printed plan. */
export type PrintedHost = Readonly<z.output<typeof hostSchema>>;

/** One document of a printed plan. */
export type PrintedDocument = Readonly<z.output<typeof documentSchema>>;

/** One difference between a server and an applied document. */
export type Drift = Readonly<z.output<typeof driftSchema>>;

/** Reads a plan that this version of slipway printed; undefined if the text is anything else. */
export function readPrintedPlan(text: string): PrintedPlan | undefined {
  return planSchema.safeParse(parseJson(text)).data;
}
