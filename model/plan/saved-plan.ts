import { createHash } from "node:crypto";
import { z } from "zod";
import { isMap } from "../document/changes.ts";
import { documentHash, type Document, type DocumentMap } from "../document/document.ts";
import { readDocument } from "../document/reading.ts";
import { parseNumber } from "../document/number.ts";
import { documentsOf, type HostPlan } from "./plan.ts";
import type { Observation } from "../facts/observation.ts";

const appliedSchema = z.object({
  number: z.string(),
  hash: z.string(),
  differences: z.array(z.object({ where: z.string(), expected: z.string(), found: z.string() })),
});

const volumeSchema = z.object({ exists: z.boolean(), cluster: z.string(), owner: z.string() });

const savedSchema = z.object({
  version: z.literal(1),
  stack: z.string(),
  /** Of everything that the plan would send, but for what differs between two attempts at the same. */
  digest: z.string(),
  documents: z.array(z.object({ resource: z.string(), object: z.string(), order: z.number(), text: z.string() })),
  /** What the plan was made of. */
  facts: z.object({
    machine: z.string(),
    /** By object: the server's numbers, and what was not as it was applied. */
    applied: z.record(z.string(), appliedSchema),
    volumes: z.record(z.string(), volumeSchema),
    release: z.string(),
  }),
});

/** A plan that somebody looked at and agreed to: `up` does this and nothing else. */
export type SavedPlan = z.output<typeof savedSchema>;

/** Keeps a plan with everything that it depends on; undefined where nobody looked at the server. */
export function savePlan(plan: HostPlan): SavedPlan | undefined {
  const { observation, stack } = plan;
  if (observation === undefined) return undefined;
  const documents = documentsOf(plan).map(({ document, object, number, text }) => {
    return { resource: document.resource, object, order: parseNumber(number).order, text };
  });
  const facts = factsOf(observation);
  return { version: 1, stack: stack.name, digest: digestOf(documents), documents, facts };
}

/** Reads what `savePlan` made; undefined where it is something else. */
export function readSavedPlan(text: string): SavedPlan | undefined {
  try {
    const read = savedSchema.safeParse(JSON.parse(text));
    return read.success && digestOf(read.data.documents) === read.data.digest ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** The document without what differs between two attempts at the same: the attempts in the numbers of the last writes of mounted files. */
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
      applied.map(({ object, number, hash, differences }) => [object, { number, hash, differences: [...differences] }]),
    ),
    volumes: Object.fromEntries(
      volumes.map(({ volume, exists, cluster, owner }) => [volume, { exists, cluster, owner }]),
    ),
    release: release === undefined ? "" : `${release.version} in ${release.colour}`,
  };
}
