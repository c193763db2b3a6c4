import type { StackHost } from "./stack.ts";

/** What one look at a server shall look at, besides the server itself. */
export interface Wants {
  readonly directory: string;
  readonly projects: readonly string[];
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  /** Folder of the Postgres cluster, by volume. */
  readonly clusters: Readonly<Record<string, string>>;
}

/** Asks for the server itself and for the applied documents, which every observation tells. */
export const onlyTheServer: Wants = { directory: "/", projects: [], ports: [], volumes: [], clusters: {} };

/** Everything on a server that a stack would use, below its directory and beside it. */
export function wantsOf(directory: string, { projects, ports, volumes }: StackHost): Wants {
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
