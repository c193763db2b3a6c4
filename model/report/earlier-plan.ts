import { isMap } from "../json.ts";
import type { DocumentValue } from "../document/document.ts";
import { readDocument } from "../document/reader.ts";
import type { PrintedPlan } from "./printed-plan.ts";
import type { Release } from "../stack/release.ts";

/** The fingerprints of the deployed variables in an earlier plan, by name. */
export function earlierVariables(plan: PrintedPlan): Readonly<Record<string, string>> {
  const files = bodiesOf(plan, "secrets").flatMap(({ files }) => (isMap(files) ? Object.values(files) : []));
  return Object.fromEntries(files.flatMap((file) => (isMap(file) ? textsIn(file["entries"]) : [])));
}

/** The stack's directory, which is the same on each server. */
export function earlierDirectory(plan: PrintedPlan): string | undefined {
  return bodiesOf(plan, "directory").flatMap(({ path }) => (typeof path === "string" ? [path] : []))[0];
}

/** The deployed release, with the image of each service. */
export function earlierRelease(plan: PrintedPlan): Release {
  const entries = bodiesOf(plan, "images").flatMap((body) => textsIn(body["images"]));
  const byService = entries.flatMap(([image, services]) =>
    services.split(" ").map((service) => [service, image] as const),
  );
  const { "@proxy": proxy, ...images }: Record<string, string> = Object.fromEntries(byService);
  return { version: plan.release ?? "none", images, ...(proxy !== undefined && { proxy }) };
}

/** The bodies of all documents of one kind on all servers. */
function bodiesOf({ hosts }: PrintedPlan, kind: string): Readonly<Record<string, DocumentValue>>[] {
  const documents = Object.values(hosts).flatMap((host) => host.documents);
  return documents
    .filter((document) => document.kind === kind)
    .map(({ text }) => readDocument(text)?.document.body ?? {});
}

function textsIn(value: DocumentValue | undefined): [string, string][] {
  return Object.entries(isMap(value) ? value : {}).flatMap(([name, text]): [string, string][] =>
    typeof text === "string" ? [[name, text]] : [],
  );
}
