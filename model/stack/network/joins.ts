import type { ServiceBase } from "../service.ts";
import { namesIn } from "./names.ts";
import type { NetworkGroup, StackNetwork } from "./networks.ts";

/** How a container is in a network that it joins without being made again. */
export interface Join {
  /** Its names there. */
  readonly aliases: readonly string[];
  /** It has the address that no other container gets. */
  readonly fixed: boolean;
}

/** The networks that a container joins, by their names on the server. */
export type Joins = Readonly<Record<string, Join>>;

const plain: Join = { aliases: [], fixed: false };

/** The networks in which a shared service calls release services. */
export function joinsOf(service: ServiceBase, groups: readonly NetworkGroup[]): Joins {
  const own = groups.filter(({ shared }) => shared.includes(service));
  return Object.fromEntries(own.flatMap(({ calls }) => calls.map(({ network }) => [network.name, plain])));
}

/**
 * The networks of the proxy: those in which it is called under the names of release services, those in which it comes
 * to them, and those of others, whose containers call it.
 */
export function proxyJoins(groups: readonly NetworkGroup[], all: readonly ServiceBase[]): Joins {
  const calls = groups.flatMap(({ name, calls }) =>
    calls.map(({ network, services }): [string, Join] => {
      const aliases = new Set(services.flatMap((service) => namesIn(name, service, all)));
      return [network.name, { aliases: [...aliases].sort(), fixed: true }];
    }),
  );
  const ways = waysToReleases(groups).map(({ name }): [string, Join] => [name, plain]);
  return Object.fromEntries([...calls, ...ways, ...foreignJoins(groups, all)].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The networks of colours in which the proxy reaches every release service: as few as are enough. */
function waysToReleases(groups: readonly NetworkGroup[]): readonly StackNetwork[] {
  const reached = new Set<ServiceBase>();
  return groups.flatMap(({ released, colours }) => {
    if (released.every((service) => reached.has(service))) return [];
    for (const service of released) reached.add(service);
    return colours;
  });
}

/** The networks that others made, in which their containers call the proxy. */
function foreignJoins(groups: readonly NetworkGroup[], all: readonly ServiceBase[]): [string, Join][] {
  return groups.flatMap(({ name, main, released, calledByOthers }): [string, Join][] => {
    if (main?.kind !== "external" || released.length === 0) return [];
    const aliases = calledByOthers === undefined ? [] : namesIn(name, calledByOthers, all).sort();
    return [[main.name, { aliases, fixed: false }]];
  });
}
