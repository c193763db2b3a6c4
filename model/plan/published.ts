import { z } from "zod";
import type { RememberedData } from "../facts/observation.ts";
import { documentsOf, type HostPlan } from "./plan.ts";

const documentsSchema = z.object({
  /** By resource. */
  documents: z.record(z.string(), z.object({ number: z.string(), hash: z.string() })),
  files: z.array(z.object({ path: z.string(), sha256: z.string(), written: z.string() })),
});

const dataSchema = z.record(z.string(), z.object({ service: z.string(), cluster: z.string(), machine: z.string() }));

/** The outputs that a plan itself publishes. */
type PublishedDocuments = z.output<typeof documentsSchema>;

/** What a stack's outputs say of its last deploy: all that a preview knows of a server that does not answer. */
export interface Published extends PublishedDocuments {
  /** What was remembered of the data of each volume. */
  readonly data: Readonly<Record<string, RememberedData>>;
}

/** What a plan publishes once it was carried out. */
export function publishedOf(plan: HostPlan): PublishedDocuments {
  const documents = documentsOf(plan).map(({ document, number, hash }) => [document.resource, { number, hash }]);
  return documentsSchema.parse({ documents: Object.fromEntries(documents) as unknown, files: plan.written });
}

/** Reads what an earlier run published; a stack that was never deployed has published nothing. */
export function readPublished(outputs: { readonly documents?: unknown; readonly data?: unknown }): Published {
  const documents = documentsSchema.safeParse(outputs.documents);
  const data = dataSchema.safeParse(outputs.data);
  return {
    ...(documents.success ? documents.data : { documents: {}, files: [] }),
    data: data.success ? data.data : {},
  };
}
