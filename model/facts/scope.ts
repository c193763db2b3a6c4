import { z } from "zod";

/** The things on a server that an observation covers, besides the server itself and the applied documents. */
export const observationScopeSchema = z.object({
  /** The stack's directory; undefined where only the server itself matters. */
  directory: z.string().optional(),
  projects: z.array(z.string()).readonly(),
  /** Names of containers. */
  containers: z.array(z.string()).readonly(),
  /** As `serverPortText` writes them. */
  ports: z.array(z.string()).readonly(),
  volumes: z.array(z.string()).readonly(),
  networks: z.array(z.string()).readonly(),
  /** The addresses of the stack's networks, and those of which the server chooses. */
  subnets: z.array(z.string()).readonly(),
  /** The interfaces that networks of the stack name for their bridges. */
  bridges: z.array(z.string()).readonly(),
  /** The hand-made compose projects that matter; `all` for every one that no stack has. @default none */
  handMade: z.union([z.literal("all"), z.array(z.string()).readonly()]).optional(),
  /** The number of records that are told; with it, also which of their images the server lacks. @default 20 */
  records: z.number().int().min(1).max(10_000).optional(),
  /** The folder of the Postgres cluster, by volume. */
  clusters: z.record(z.string(), z.string()),
  /** The folder of the server that a volume is by its options, by volume. */
  bound: z.record(z.string(), z.string()),
});

export type ObservationScope = Readonly<z.output<typeof observationScopeSchema>>;

/** The scope without anything of a stack: the server itself and the applied documents, which are always observed. */
export const onlyTheServer: ObservationScope = {
  ...{ projects: [], containers: [], ports: [], volumes: [], networks: [], subnets: [], bridges: [] },
  ...{ clusters: {}, bound: {} },
};
