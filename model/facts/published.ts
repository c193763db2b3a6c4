import { z } from "zod";
import { rememberedDataSchema, writtenFileSchema } from "./observation.ts";

/** The stack outputs that a plan publishes. */
export const publishedDocumentsSchema = z.object({
  /** By resource. */
  documents: z.record(z.string(), z.object({ number: z.string(), hash: z.string() })),
  files: z.array(writtenFileSchema).readonly(),
});

/** By volume: what was remembered of its data. */
const publishedDataSchema = z.record(z.string(), rememberedDataSchema);

export type PublishedDocuments = Readonly<z.output<typeof publishedDocumentsSchema>>;

/** What the outputs of a stack say of its last deploy: all that a preview knows of a server that does not answer. */
export interface Published extends PublishedDocuments {
  readonly data: z.output<typeof publishedDataSchema>;
}

/** Reads the outputs of an earlier run; a stack that was never deployed has published nothing. */
export function readPublished(outputs: { readonly documents?: unknown; readonly data?: unknown }): Published {
  const documents = publishedDocumentsSchema.safeParse(outputs.documents);
  const data = publishedDataSchema.safeParse(outputs.data);
  return {
    ...(documents.success ? documents.data : { documents: {}, files: [] }),
    data: data.success ? data.data : {},
  };
}
