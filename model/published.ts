import { z } from "zod";
import { documentsOf, type HostPlan } from "./plan.ts";

const publishedSchema = z.object({
  /** By resource. */
  documents: z.record(z.string(), z.object({ number: z.string(), hash: z.string() })),
  files: z.array(z.object({ path: z.string(), sha256: z.string(), written: z.string() })),
});

/** What a stack's outputs say of its last deploy: all that a preview knows of a server that does not answer. */
export type Published = z.output<typeof publishedSchema>;

/** What a plan publishes once it was carried out. */
export function publishedOf(plan: HostPlan): Published {
  const documents = documentsOf(plan).map(({ document, number, hash }) => [document.resource, { number, hash }]);
  return publishedSchema.parse({ documents: Object.fromEntries(documents) as unknown, files: plan.written });
}

/** Reads what an earlier run published; a stack that was never deployed has published nothing. */
export function readPublished(output: unknown): Published {
  const read = publishedSchema.safeParse(output);
  return read.success ? read.data : { documents: {}, files: [] };
}
