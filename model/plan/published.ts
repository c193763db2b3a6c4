import type { PublishedDocuments } from "../facts/published.ts";
import { documentsOf, type HostPlan, type Plan } from "./plan.ts";

/** The stack outputs, by host, that a plan publishes once it is applied. */
export function publishedOf({ hosts }: Plan): Readonly<Record<string, PublishedDocuments>> {
  return Object.fromEntries(Object.entries(hosts).map(([name, plan]) => [name, ofHost(plan)]));
}

function ofHost(plan: HostPlan): PublishedDocuments {
  const documents = documentsOf(plan).map(
    ({ document, number, hash }) => [document.resource, { number, hash }] as const,
  );
  return { documents: Object.fromEntries(documents), files: plan.written };
}
