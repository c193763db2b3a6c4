import { z } from "zod";
import { isMap } from "../document/changes.ts";
import type { DocumentValue } from "../document/document.ts";
import { readDocument } from "../document/reading.ts";
import { printedVersion } from "./printed-plan.ts";
import type { Release } from "../stack/release.ts";

const documentSchema = z.object({
  resource: z.string(),
  kind: z.string(),
  object: z.string(),
  number: z.string(),
  hash: z.string(),
  text: z.string(),
});

const publishedSchema = z.object({
  version: z.literal(printedVersion),
  stack: z.string(),
  release: z.string().optional(),
  documents: z.array(documentSchema),
  plain: z.record(z.string(), z.string()),
  written: z.array(z.object({ path: z.string(), sha256: z.string(), written: z.string() })),
});

/** The plan that a deploy printed and its job kept: all that is known of a server where nobody may ask it. */
export type PublishedPlan = z.output<typeof publishedSchema>;

/** Reads a plan that `slipway plan --json` or a deploy left; undefined where it is something else. */
export function readPublishedPlan(text: string): PublishedPlan | undefined {
  try {
    return publishedSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** By name: the fingerprints of the variables. */
export function publishedVariables(plan: PublishedPlan): Readonly<Record<string, string>> {
  const files = Object.values(mapOf(bodyOf(plan, "secrets")["files"]));
  return Object.fromEntries(files.flatMap((file) => textsIn(mapOf(file)["entries"])));
}

/** The folder on the server. */
export function publishedDirectory(plan: PublishedPlan): string | undefined {
  const { path } = bodyOf(plan, "directory");
  return typeof path === "string" ? path : undefined;
}

/** The release that was deployed. */
export function publishedRelease(plan: PublishedPlan): Release {
  const entries = textsIn(bodyOf(plan, "images")["images"]);
  const byService = entries.flatMap(([image, services]) =>
    services.split(" ").map((service) => [service, image] as const),
  );
  const { "@proxy": proxy, ...images }: Record<string, string> = Object.fromEntries(byService);
  return { version: plan.release ?? "none", images, ...(proxy !== undefined && { proxy }) };
}

function bodyOf({ documents }: PublishedPlan, kind: string): Readonly<Record<string, DocumentValue>> {
  const text = documents.find((document) => document.kind === kind)?.text ?? "";
  return readDocument(text)?.document.body ?? {};
}

function mapOf(value: DocumentValue | undefined): Readonly<Record<string, DocumentValue>> {
  return isMap(value) ? value : {};
}

function textsIn(value: DocumentValue | undefined): [string, string][] {
  return Object.entries(mapOf(value)).flatMap(([name, text]): [string, string][] =>
    typeof text === "string" ? [[name, text]] : [],
  );
}
