import { Buffer } from "node:buffer";
import { z } from "zod";
import { observationSchema, type Observation } from "../model/facts/observation.ts";

/** The facts whose fields the schema of an observation checks. */
const observed = ["host", "disk", "directory", "claim", "listener", "container", "volume", "applied", "file"] as const;

const lineSchema = z.discriminatedUnion("fact", [
  z.looseObject({ fact: z.enum([...observed, "remark", "release"]) }),
  /** The applied documents; each follows a line of a form feed and its object's name. */
  z.object({ fact: z.literal("documents"), text: z.base64() }),
  z.object({ fact: z.literal("lease"), holder: z.string() }),
  z.object({ fact: z.literal("journal"), line: z.string() }),
]);
type Line = z.output<typeof lineSchema>;

/** Reads the lines with which a server answers `observe`; each is one fact, as JSON. */
export function readFacts(lines: readonly string[]): Observation {
  const facts = lines.map(readLine);
  const all = <Name extends Line["fact"]>(name: Name): (Line & { fact: Name })[] =>
    facts.filter((line): line is Line & { fact: Name } => line.fact === name);
  const texts = readDocuments(all("documents")[0]?.text ?? "");
  const found = observationSchema.safeParse({
    host: all("host")[0],
    disks: all("disk"),
    directory: all("directory")[0],
    claims: all("claim"),
    listeners: all("listener"),
    containers: all("container"),
    volumes: all("volume"),
    applied: all("applied").map((applied) => ({ ...applied, text: texts.get(applied["object"]) ?? "" })),
    files: all("file"),
    remarks: all("remark"),
    release: all("release")[0],
    leaseHolder: all("lease")[0]?.holder,
    journal: all("journal").map(({ line }) => line),
  });
  if (found.success) return found.data;
  const faults = found.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Error(`the server's facts are not those of this version of slipway: ${faults.join("; ")}`);
}

function readLine(line: string): Line {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch (error) {
    throw new Error(`the server answered with a line that is not a fact: ${line.slice(0, 200)}`, { cause: error });
  }
}

function readDocuments(base64: string): Map<unknown, string> {
  const documents = Buffer.from(base64, "base64").toString("utf8").split("\f").slice(1);
  return new Map(documents.map((one) => [one.slice(0, one.indexOf("\n")), one.slice(one.indexOf("\n") + 1)]));
}
