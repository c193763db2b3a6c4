import type { JsonMap } from "../json.ts";

/** The networks as top-level `networks`: external, since the verb `networks` creates them. */
export function externalNetworks(networks: Readonly<Record<string, string>>): JsonMap {
  return Object.fromEntries(Object.entries(networks).map(([name, real]) => [name, { external: true, name: real }]));
}
