import { z } from "zod";
import { rememberedDataSchema, writtenFileSchema } from "./observation.ts";

/** One server in the stack output `documents`. */
const documentsOutputSchema = z.object({
  /** By resource. */
  documents: z.record(z.string(), z.object({ number: z.string(), hash: z.string() })),
  files: z.array(writtenFileSchema).readonly(),
});

/** One server in the stack output `data`: the remembered data, by volume. */
const dataOutputSchema = z.record(z.string(), rememberedDataSchema);

export type DocumentsOutput = Readonly<z.output<typeof documentsOutputSchema>>;

/** Everything that the outputs of the last deploy say of one server; a preview without an observation knows no more. */
export interface LastHostOutputs extends DocumentsOutput {
  readonly data: z.output<typeof dataOutputSchema>;
}

/** The outputs of a stack that describe its servers, by the server's name. */
export interface LastOutputs {
  readonly documents?: unknown;
  readonly data?: unknown;
}

const byHost = z.record(z.string(), z.unknown());

/** Reads the outputs of the last deploy about a server; they are empty if the stack was never deployed to it. */
export function readLastOutputs({ documents, data }: LastOutputs, host: string): LastHostOutputs {
  const ofHost = documentsOutputSchema.safeParse(byHost.safeParse(documents).data?.[host]);
  const remembered = dataOutputSchema.safeParse(byHost.safeParse(data).data?.[host]);
  return {
    ...(ofHost.success ? ofHost.data : { documents: {}, files: [] }),
    data: remembered.success ? remembered.data : {},
  };
}
