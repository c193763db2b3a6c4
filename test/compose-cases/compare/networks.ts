import type { Comparison } from "./comparison.ts";
import { compareValues, type Difference } from "./difference.ts";
import { originalNeighbours, serverNeighbours } from "./neighbours.ts";
import { compareNetworkFields } from "./network-fields.ts";
import { reachOf } from "./reach.ts";

/** Compares who reaches whom and by which names, and what each network is besides. */
export function compareNetworks(comparison: Comparison): Difference[] {
  const expected = reachOf(originalNeighbours(comparison));
  const found = reachOf(serverNeighbours(comparison));
  const services = comparison.pairs.map(({ name }) => name);
  const known = new Set([...expected.values()].flatMap(({ names }) => Object.keys(names)));
  return [
    ...services.flatMap((service) => {
      const [from, to] = [expected.get(service), found.get(service)];
      const where = { aspect: "networks", service } as const;
      const names = Object.entries(to?.names ?? {}).filter(([name]) => known.has(name));
      return [
        ...compareValues(where, "reaches ", from?.hosts ?? {}, to?.hosts ?? {}),
        ...compareValues(where, "name ", from?.names ?? {}, Object.fromEntries(names)),
      ];
    }),
    ...compareNetworkFields(comparison),
  ];
}
