import { z } from "zod";
import { rememberedDataSchema, writtenFileSchema } from "./observation.ts";

/** The stack output about one server that a plan publishes. */
const publishedDocumentsSchema = z.object({
  /** By resource. */
  documents: z.record(z.string(), z.object({ number: z.string(), hash: z.string() })),
  files: z.array(writtenFileSchema).readonly(),
});

/** By volume: what was remembered of its data. */
const publishedDataSchema = z.record(z.string(), rememberedDataSchema);

export type PublishedDocuments = Readonly<z.output<typeof publishedDocumentsSchema>>;

/** All that the outputs of a stack tell of one server: all that a preview knows of one that does not answer. */
export interface Published extends PublishedDocuments {
  readonly data: z.output<typeof publishedDataSchema>;
}

/** The outputs of a stack that tell of its servers, each by the server's name. */
export interface PublishedOutputs {
  readonly documents?: unknown;
  readonly data?: unknown;
}

const byHost = z.record(z.string(), z.unknown());

/** Reads what an earlier run published of a server; of one that was never deployed to, nothing is known. */
export function readPublished({ documents, data }: PublishedOutputs, host: string): Published {
  const ofHost = publishedDocumentsSchema.safeParse(byHost.safeParse(documents).data?.[host]);
  const remembered = publishedDataSchema.safeParse(byHost.safeParse(data).data?.[host]);
  return {
    ...(ofHost.success ? ofHost.data : { documents: {}, files: [] }),
    data: remembered.success ? remembered.data : {},
  };
}
