import { textOf, type JsonMap } from "../../../model/json.ts";

/** A container in a network, with the names by which the others there find it. */
export interface Neighbour {
  /** The developers' name of its service. */
  readonly service: string;
  /** The real name of the network. */
  readonly network: string;
  readonly names: readonly string[];
  /** A network without a way out of the server. */
  readonly internal: boolean;
  /** A network that others own, so that foreign containers are in it. */
  readonly foreign: boolean;
  /** The ports that answer under the names; undefined for all of the container. */
  readonly ports: readonly string[] | undefined;
  /** Names that only one service of the network has for it: its `links`. */
  readonly onlyFor?: string | undefined;
  /** It answers here for its service, but itself asks from elsewhere: the proxy's place for a release service. */
  readonly answersOnly?: boolean;
}

const allPorts = "all ports";

/** Everything that one service reaches. */
export interface Reach {
  /** By service: `all ports`, or the ports alone that are answered. Also networks of others, and the way out. */
  readonly hosts: JsonMap;
  /** By name: the services behind it. */
  readonly names: JsonMap;
}

/** By service: whom it reaches, from the networks in which it is. `isThere` tells who runs while it does. */
export function reachOf(
  neighbours: readonly Neighbour[],
  isThere: (service: string, from: string) => boolean,
): ReadonlyMap<string, Reach> {
  const services = new Set(neighbours.map(({ service }) => service));
  const reaches = Array.from(services, (from) => {
    return [
      from,
      reachFrom(
        from,
        neighbours.filter(({ service }) => isThere(service, from)),
      ),
    ] as const;
  });
  return new Map(reaches);
}

function reachFrom(service: string, neighbours: readonly Neighbour[]): Reach {
  const own = neighbours.filter((one) => one.service === service && one.answersOnly !== true);
  const networks = new Set(own.map(({ network }) => network));
  const seen = neighbours.filter(
    ({ network, onlyFor }) => networks.has(network) && (onlyFor === undefined || onlyFor === service),
  );
  const outside = own.some(({ internal }) => !internal) ? { "the world": allPorts } : {};
  const foreign = own.filter((one) => one.foreign).map(({ network }) => [`others in ${network}`, allPorts] as const);
  return {
    hosts: {
      ...portsByService(seen.filter((one) => one.service !== service)),
      ...outside,
      ...Object.fromEntries(foreign),
    },
    names: servicesByName(seen),
  };
}

function portsByService(seen: readonly Neighbour[]): JsonMap {
  const groups = Map.groupBy(seen, ({ service }) => service);
  const entries = Array.from(groups, ([service, places]): [string, string] => {
    if (places.some(({ ports }) => ports === undefined)) return [service, allPorts];
    return [service, [...new Set(places.flatMap(({ ports = [] }) => ports))].sort().join(" ")];
  });
  return Object.fromEntries(entries);
}

/** A name leads to a service, or to those of its ports that are answered under it. */
function servicesByName(seen: readonly Neighbour[]): JsonMap {
  const pairs = seen.flatMap((place) => place.names.map((name) => ({ name, place })));
  const groups = Map.groupBy(pairs, ({ name }) => name);
  const entries = Array.from(groups, ([name, found]): [string, string] => {
    const hosts = Object.entries(portsByService(found.map(({ place }) => place)));
    const texts = hosts.map(([service, ports]) =>
      ports === allPorts ? service : `${service} at ${textOf(ports) || "no port"}`,
    );
    return [name, texts.sort().join(", ")];
  });
  return Object.fromEntries(entries);
}
