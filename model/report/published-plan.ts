import { isMap } from "../document/changes.ts";
import type { DocumentValue } from "../document/document.ts";
import { readDocument } from "../document/reading.ts";
import type { PrintedPlan } from "./printed-plan.ts";
import type { Release } from "../stack/release.ts";

/** The fingerprints of the variables that were deployed, by name. */
export function publishedVariables(plan: PrintedPlan): Readonly<Record<string, string>> {
  const files = Object.values(mapOf(bodyOf(plan, "secrets")["files"]));
  return Object.fromEntries(files.flatMap((file) => textsIn(mapOf(file)["entries"])));
}

/** The stack's directory on the server. */
export function publishedDirectory(plan: PrintedPlan): string | undefined {
  const { path } = bodyOf(plan, "directory");
  return typeof path === "string" ? path : undefined;
}

/** The release that was deployed, with the image of each service. */
export function publishedRelease(plan: PrintedPlan): Release {
  const entries = textsIn(bodyOf(plan, "images")["images"]);
  const byService = entries.flatMap(([image, services]) =>
    services.split(" ").map((service) => [service, image] as const),
  );
  const { "@proxy": proxy, ...images }: Record<string, string> = Object.fromEntries(byService);
  return { version: plan.release ?? "none", images, ...(proxy !== undefined && { proxy }) };
}

function bodyOf({ documents }: PrintedPlan, kind: string): Readonly<Record<string, DocumentValue>> {
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
