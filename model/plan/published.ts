import type { PublishedDocuments } from "../facts/published.ts";
import { documentsOf, type HostPlan } from "./plan.ts";

/** The stack outputs that a plan publishes once it was carried out. */
export function publishedOf(plan: HostPlan): PublishedDocuments {
  const documents = documentsOf(plan).map(
    ({ document, number, hash }) => [document.resource, { number, hash }] as const,
  );
  return { documents: Object.fromEntries(documents), files: plan.written };
}
