import { z } from "zod";
import { isMap } from "../json.ts";
import { sumOf } from "../sum.ts";
import type { Document, DocumentMap } from "../document/document.ts";
import { documentHash } from "../document/writer.ts";
import { readDocument } from "../document/reader.ts";
import { parseNumber } from "../document/number.ts";
import { documentsOf, type HostPlan, type Plan } from "./plan.ts";
import { appliedSchema, volumeSchema, type Observation } from "../facts/observation.ts";

const savedHostSchema = z.object({
  /** Sum of everything that the plan would send, except for what differs between two attempts. */
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

const savedSchema = z.object({
  version: z.literal(2),
  stack: z.string(),
  /** By name. */
  hosts: z.record(z.string(), savedHostSchema),
});

/** A plan that a person has approved: `up` does this and nothing else. */
export type SavedPlan = z.output<typeof savedSchema>;

/** One server in a saved plan. */
export type SavedHost = z.output<typeof savedHostSchema>;

/** The saved form of a plan, with all facts that it depends on; undefined if a server was not observed. */
export function savedPlanOf({ stack, hosts }: Plan): SavedPlan | undefined {
  const saved = Object.entries(hosts).flatMap(([name, plan]) => {
    const host = saveHost(plan);
    return host === undefined ? [] : [[name, host] as const];
  });
  if (saved.length < Object.keys(hosts).length) return undefined;
  return { version: 2, stack: stack.name, hosts: Object.fromEntries(saved) };
}

/** The saved form of the plan of one server; undefined if it was not observed. */
export function saveHost(plan: HostPlan): SavedHost | undefined {
  if (plan.observation === undefined) return undefined;
  const documents = documentsOf(plan).map(({ document, object, number, text }) => {
    return { resource: document.resource, object, order: parseNumber(number).order, text };
  });
  return { digest: digestOf(documents), documents, facts: factsOf(plan.observation) };
}

/** Reads a plan that `savedPlanOf` made; undefined if the text is anything else, or was edited. */
export function readSavedPlan(text: string): SavedPlan | undefined {
  try {
    const { data } = savedSchema.safeParse(JSON.parse(text));
    const whole = Object.values(data?.hosts ?? {}).every(({ documents, digest }) => digestOf(documents) === digest);
    return whole ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the attempts from the numbers of mounted files, in which alone two plans of the same change differ. */
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

function digestOf(documents: SavedHost["documents"]): string {
  const lines = documents.map(({ resource, object, order, text }) => {
    const read = readDocument(text);
    return JSON.stringify([
      resource,
      object,
      order,
      read === undefined ? text : documentHash(withoutAttempts(read.document)),
    ]);
  });
  return sumOf(lines.join("\n"));
}

function factsOf({ host, applied, volumes, release }: Observation): SavedHost["facts"] {
  return {
    machine: host.machine,
    applied: Object.fromEntries(
      applied.map(({ object, number, hash, differences }) => [object, { number, hash, differences }]),
    ),
    volumes: Object.fromEntries(
      volumes.map(({ volume, exists, cluster, owner }) => [volume, { exists, cluster, owner }]),
    ),
    release: releaseText(release),
  };
}

/** What serves, what is held, and what was verified last, in one line. */
function releaseText(release: Observation["release"]): string {
  if (release === undefined) return "";
  const live = release.colours.filter(({ state }) => state === "live").map((one) => `${one.release} in ${one.colour}`);
  const held = release.holds.map((hold) => `${hold.release} held`);
  return [...live, ...held, `${release.verified?.release ?? "nothing"} verified`].join(", ");
}
