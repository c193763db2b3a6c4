import type { StackHost } from "./stack.ts";

/** The things on a server that an observation covers, besides the server itself. */
export interface ObservationScope {
  readonly directory: string;
  readonly projects: readonly string[];
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  /** The folder of the Postgres cluster, by volume. */
  readonly clusters: Readonly<Record<string, string>>;
}

/** The scope without anything of a stack: the server itself and the applied documents, which are always observed. */
export const onlyTheServer: ObservationScope = { directory: "/", projects: [], ports: [], volumes: [], clusters: {} };

/** The scope of an observation for one stack: everything that it uses or wants to use on a host. */
export function observationScope(directory: string, { projects, ports, volumes }: StackHost): ObservationScope {
  const clusters = volumes.flatMap(({ volume, cluster }) =>
    cluster === undefined ? [] : [[volume, cluster] as const],
  );
  return {
    directory,
    projects: Object.keys(projects),
    ports: ports.map(({ port }) => String(port)),
    volumes: volumes.map(({ volume }) => volume),
    clusters: Object.fromEntries(clusters),
  };
}
