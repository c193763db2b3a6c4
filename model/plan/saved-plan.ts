import { createHash } from "node:crypto";
import { z } from "zod";
import { isMap } from "../document/changes.ts";
import { documentHash, type Document, type DocumentMap } from "../document/document.ts";
import { readDocument } from "../document/reading.ts";
import { parseNumber } from "../document/number.ts";
import { documentsOf, type HostPlan } from "./plan.ts";
import { appliedSchema, volumeSchema, type Observation } from "../facts/observation.ts";

const savedSchema = z.object({
  version: z.literal(1),
  stack: z.string(),
  /** Sum of everything that the plan would send, apart from what differs between two attempts at the same. */
  digest: z.string(),
  documents: z.array(z.object({ resource: z.string(), object: z.string(), order: z.number(), text: z.string() })),
  /** The facts that the plan depends on. */
  facts: z.object({
    machine: z.string(),
    /** By object. */
    applied: z.record(z.string(), appliedSchema.pick({ number: true, hash: true, differences: true })),
    /** By name. */
    volumes: z.record(z.string(), volumeSchema.pick({ exists: true, cluster: true, owner: true })),
    release: z.string(),
  }),
});

/** A plan that a person has seen and agreed to: `up` does this and nothing else. */
export type SavedPlan = z.output<typeof savedSchema>;

/** Saves a plan with everything that it depends on; undefined if the server was not observed. */
export function savePlan(plan: HostPlan): SavedPlan | undefined {
  const { observation, stack } = plan;
  if (observation === undefined) return undefined;
  const documents = documentsOf(plan).map(({ document, object, number, text }) => {
    return { resource: document.resource, object, order: parseNumber(number).order, text };
  });
  const facts = factsOf(observation);
  return { version: 1, stack: stack.name, digest: digestOf(documents), documents, facts };
}

/** Reads a plan that `savePlan` made; undefined if the text is anything else, or was edited. */
export function readSavedPlan(text: string): SavedPlan | undefined {
  try {
    const read = savedSchema.safeParse(JSON.parse(text));
    return read.success && digestOf(read.data.documents) === read.data.digest ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** The document without the attempts in the numbers of mounted files: two plans of the same differ in nothing else. */
export function withoutAttempts(document: Document): Document {
  const { services } = document.body;
  if (!isMap(services)) return document;
  const entries = Object.entries(services).map(([name, service]): [string, DocumentMap[string]] => [
    name,
    isMap(service) && isMap(service["mounts"]) ? { ...service, mounts: orders(service["mounts"]) } : service,
  ]);
  return { ...document, body: { ...document.body, services: Object.fromEntries(entries) } };
}

function orders(mounts: DocumentMap): DocumentMap {
  const entries = Object.entries(mounts).map(([target, numbers]): [string, DocumentMap[string]] => [
    target,
    typeof numbers === "string" ? numbers.replaceAll(/(\d+)\.[0-9a-z]+/g, "$1") : numbers,
  ]);
  return Object.fromEntries(entries);
}

function digestOf(documents: SavedPlan["documents"]): string {
  const lines = documents.map(({ resource, object, order, text }) => {
    const read = readDocument(text);
    return JSON.stringify([
      resource,
      object,
      order,
      read === undefined ? text : documentHash(withoutAttempts(read.document)),
    ]);
  });
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

function factsOf({ host, applied, volumes, release }: Observation): SavedPlan["facts"] {
  return {
    machine: host.machine,
    applied: Object.fromEntries(
      applied.map(({ object, number, hash, differences }) => [object, { number, hash, differences }]),
    ),
    volumes: Object.fromEntries(
      volumes.map(({ volume, exists, cluster, owner }) => [volume, { exists, cluster, owner }]),
    ),
    release: release === undefined ? "" : `${release.version} in ${release.colour}`,
  };
}
