import { Buffer } from "node:buffer";
import { z } from "zod";
import type { Observation } from "../model/facts/observation.ts";

const list = z.array(z.string());

const factSchema = z.discriminatedUnion("fact", [
  z.object({
    fact: z.literal("host"),
    machine: z.string(),
    boot: z.string(),
    architecture: z.string(),
    engine: z.string(),
    compose: z.string(),
    memoryTotal: z.number(),
    memoryAvailable: z.number(),
  }),
  z.object({ fact: z.literal("disk"), path: z.string(), free: z.number() }),
  z.object({
    fact: z.literal("directory"),
    path: z.string(),
    real: z.string(),
    exists: z.boolean(),
    writable: z.boolean(),
  }),
  z.object({
    fact: z.literal("claim"),
    stack: z.string(),
    directory: z.string(),
    real: z.string(),
    projects: list,
    ports: list,
    volumes: list,
    networks: list,
    readable: z.boolean(),
  }),
  z.object({
    fact: z.literal("listener"),
    port: z.string(),
    address: z.string(),
    pid: z.string(),
    command: z.string(),
    container: z.string(),
    project: z.string(),
    service: z.string(),
  }),
  z.object({
    fact: z.literal("container"),
    project: z.string(),
    service: z.string(),
    name: z.string(),
    id: z.string(),
    image: z.string(),
    state: z.string(),
    health: z.string(),
    since: z.string(),
    restarts: z.number(),
  }),
  z.object({
    fact: z.literal("volume"),
    volume: z.string(),
    exists: z.boolean(),
    cluster: z.string(),
    major: z.string(),
    remembered: z.object({ service: z.string(), cluster: z.string(), machine: z.string() }).nullable(),
    owner: z.string(),
  }),
  z.object({
    fact: z.literal("applied"),
    object: z.string(),
    kind: z.string(),
    resource: z.string(),
    number: z.string(),
    hash: z.string(),
    differences: z.array(z.object({ where: z.string(), expected: z.string(), found: z.string() })),
  }),
  z.object({ fact: z.literal("documents"), text: z.base64() }),
  z.object({ fact: z.literal("file"), path: z.string(), written: z.string(), sha256: z.string() }),
  z.object({ fact: z.literal("remark"), where: z.string(), found: z.string() }),
  z.object({
    fact: z.literal("release"),
    version: z.string(),
    images: z.record(z.string(), z.string()),
    colour: z.string(),
    generation: z.string(),
    since: z.string(),
  }),
  z.object({ fact: z.literal("lease"), holder: z.string() }),
  z.object({ fact: z.literal("journal"), line: z.string() }),
]);

type Fact = z.output<typeof factSchema>;

/** Puts the lines that a server answered with together to what was observed. */
export function readFacts(lines: readonly string[]): Observation {
  const facts = lines.map(readFact);
  const all = <Name extends Fact["fact"]>(name: Name): Extract<Fact, { fact: Name }>[] =>
    facts.filter((fact): fact is Extract<Fact, { fact: Name }> => fact.fact === name);
  const [host] = all("host");
  if (host === undefined) throw new Error("the server did not say what it is; both sides must be of one version");
  const texts = readDocuments(all("documents")[0]?.text ?? "");
  return {
    host,
    disks: all("disk"),
    directory: all("directory")[0],
    claims: all("claim"),
    listeners: all("listener"),
    containers: all("container"),
    volumes: all("volume"),
    applied: all("applied").map((applied) => ({ ...applied, text: texts.get(applied.object) ?? "" })),
    files: all("file"),
    remarks: all("remark").map(({ where, found }) => ({ where, found })),
    release: all("release")[0],
    leaseHolder: all("lease")[0]?.holder,
    journal: all("journal").map(({ line }) => line),
  };
}

/** By object: the documents as they were applied, each below a line of form feed and object. */
function readDocuments(base64: string): Map<string, string> {
  const documents = Buffer.from(base64, "base64").toString("utf8").split("\f").slice(1);
  return new Map(documents.map((one) => [one.slice(0, one.indexOf("\n")), one.slice(one.indexOf("\n") + 1)]));
}

function readFact(line: string): Fact {
  try {
    return factSchema.parse(JSON.parse(line));
  } catch (error) {
    throw new Error(`the server answered with a line that is no fact: ${line.slice(0, 200)}`, { cause: error });
  }
}
