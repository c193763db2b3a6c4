import type { JsonMap } from "../json.ts";

/** The networks as top-level `networks`: external, since the verb `networks` creates them. */
export function externalNetworks(networks: Readonly<Record<string, string | undefined>>): JsonMap {
  const entries = Object.entries(networks).flatMap(([name, real]): [string, JsonMap][] =>
    real === undefined ? [] : [[name, { external: true, name: real }]],
  );
  return Object.fromEntries(entries);
}
