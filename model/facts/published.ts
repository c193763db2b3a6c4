import { z } from "zod";
import { canGrow } from "../document/number.ts";
import { rememberedDataSchema, writtenFileSchema } from "./observation.ts";

/** The stack output about one server that a plan publishes. */
const publishedDocumentsSchema = z.object({
  /** By resource. */
  documents: z.record(z.string(), z.object({ number: z.string().refine(canGrow), hash: z.string() })),
  files: z.array(writtenFileSchema).readonly(),
});

/** The remembered data, by volume. */
const publishedDataSchema = z.record(z.string(), rememberedDataSchema);

export type PublishedDocuments = Readonly<z.output<typeof publishedDocumentsSchema>>;

/** Everything in a stack's outputs about one server; without an observation a preview knows nothing else. */
export interface Published extends PublishedDocuments {
  readonly data: z.output<typeof publishedDataSchema>;
}

/** The outputs of a stack that describe its servers, by the server's name. */
export interface PublishedOutputs {
  readonly documents?: unknown;
  readonly data?: unknown;
}

const byHost = z.record(z.string(), z.unknown());

/** Reads the outputs of an earlier run about a server; they are empty if the stack was never deployed to it. */
export function readPublished({ documents, data }: PublishedOutputs, host: string): Published {
  const ofHost = publishedDocumentsSchema.safeParse(byHost.safeParse(documents).data?.[host]);
  const remembered = publishedDataSchema.safeParse(byHost.safeParse(data).data?.[host]);
  return {
    ...(ofHost.success ? ofHost.data : { documents: {}, files: [] }),
    data: remembered.success ? remembered.data : {},
  };
}
