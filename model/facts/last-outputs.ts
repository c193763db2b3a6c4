import { z } from "zod";
import { canGrow } from "../document/number.ts";
import { rememberedDataSchema, writtenFileSchema, type RememberedData } from "./observation.ts";

/** One server in the stack output `documents`. */
const documentsOutputSchema = z.object({
  /** By resource. */
  documents: z.record(z.string(), z.object({ number: z.string().refine(canGrow), hash: z.string() })),
  files: z.array(writtenFileSchema).readonly(),
});

export type DocumentsOutput = Readonly<z.output<typeof documentsOutputSchema>>;

/** Everything that the outputs of the last deploy say of one server; a preview without an observation knows no more. */
export interface LastHostOutputs extends DocumentsOutput {
  /** The data of each volume, by volume. */
  readonly data: Readonly<Record<string, RememberedData>>;
}

/** The outputs of a stack that describe its servers, by the server's name. */
export interface LastOutputs {
  readonly documents?: unknown;
  readonly data?: unknown;
}

const byHost = z.record(z.string(), z.unknown());

/**
 * Reads the outputs of the last deploy about one of the servers that the stack declares. They are empty if it was never
 * deployed there. The data of former servers counts for each, since a server may have a new name.
 */
export function readLastOutputs(
  { documents, data }: LastOutputs,
  host: string,
  declared: readonly string[] = [host],
): LastHostOutputs {
  const ofHost = documentsOutputSchema.safeParse(entryOf(documents, host));
  const gone = Object.keys(byHost.safeParse(data).data ?? {}).filter((name) => !declared.includes(name));
  return {
    ...(ofHost.success ? ofHost.data : { documents: {}, files: [] }),
    data: Object.fromEntries([...gone, host].flatMap((name) => Object.entries(dataOf(data, name)))),
  };
}

/** Data on an unknown machine, for an entry that cannot be read, so that its volume never passes for a new one. */
const unreadable: RememberedData = { service: "", cluster: "", folder: "", empty: false, machine: "unknown" };

function dataOf(data: unknown, host: string): Record<string, RememberedData> {
  const volumes = Object.entries(byHost.safeParse(entryOf(data, host)).data ?? {});
  return Object.fromEntries(
    volumes.map(([volume, entry]) => [volume, rememberedDataSchema.safeParse(entry).data ?? unreadable]),
  );
}

function entryOf(output: unknown, host: string): unknown {
  const entries = byHost.safeParse(output).data ?? {};
  return Object.hasOwn(entries, host) ? entries[host] : undefined;
}
