import { colourPlaceholder } from "../../placeholders.ts";
import type { AddressRange, Network } from "../../compose/network/network.ts";
import { replicasOf } from "../../compose/replicas.ts";
import { colours } from "../../colour.ts";
import { sizeOf } from "../../subnet.ts";
import type { ServiceBase } from "../service.ts";
import { callNetworks, serviceForOthers, type CallNetwork } from "./calls.ts";

/** A network on a server. */
export interface StackNetwork {
  /** Its name in the compose files of the stack's parts. */
  readonly key: string;
  /** Its name on the server. */
  readonly name: string;
  /**
   * A network of the `file`, or an `external` one that others made; that of a release in one `colour`; one for the
   * `calls` of shared services to release services; that of the `proxy` alone, in which it publishes ports.
   */
  readonly kind: "file" | "external" | "colour" | "calls" | "proxy";
  /** It has no way out of the server. */
  readonly internal: boolean;
  /** What the file says of it besides. */
  readonly settings: Omit<Network, "name" | "external" | "internal" | "ranges">;
  /** Its addresses where the file or the stack names them; slipway chooses them otherwise. */
  readonly ranges: readonly AddressRange[];
  /** The bits of a subnet that slipway chooses. */
  readonly prefix: number;
}

/** A network of the file with those who join it, and everything that is made on a server for it. */
export interface NetworkGroup {
  /** Its name in the file. */
  readonly name: string;
  readonly network: Network;
  readonly shared: readonly ServiceBase[];
  readonly released: readonly ServiceBase[];
  readonly migrating: readonly ServiceBase[];
  /** The network itself; undefined if only release services join it. */
  readonly main: StackNetwork | undefined;
  /** Those of the colours; none if no release service joins it. */
  readonly colours: readonly StackNetwork[];
  /** The names of that of one colour, with the placeholder in the place of the colour. */
  readonly ofColour: Pick<StackNetwork, "key" | "name">;
  readonly calls: readonly CallNetwork[];
  /** In a network that others made: the release service that they call there, for which the proxy answers. */
  readonly calledByOthers: ServiceBase | undefined;
}

/** What the networks of a stack are derived from. */
export interface NetworkFacts {
  readonly project: string;
  /** Those of the file. */
  readonly networks: Readonly<Record<string, Network>>;
  readonly services: readonly ServiceBase[];
}

/** Each network that services join, by its name in the file. */
export function networkGroups({ project, networks, services }: NetworkFacts): NetworkGroup[] {
  const names = new Set(services.flatMap(({ compose }) => Object.keys(compose.networks)));
  return [...names].sort().map((name) => {
    const members = services.filter(({ compose }) => Object.hasOwn(compose.networks, name));
    return groupOf(project, name, networks[name] ?? {}, { members, all: services });
  });
}

/** The network of the proxy alone. Its name is the first of the stack's, so that ports are published at it. */
export function proxyNetwork(project: string): StackNetwork {
  const name = `${project}-slipway-proxy`;
  return { key: "slipway-proxy", name, kind: "proxy", internal: false, settings: {}, ranges: [], prefix: smallest };
}

/** The services that join a network, and those of the whole stack. */
interface Members {
  readonly members: readonly ServiceBase[];
  readonly all: readonly ServiceBase[];
}

function groupOf(project: string, name: string, network: Network, { members, all }: Members): NetworkGroup {
  const inPart = (part: ServiceBase["part"]): ServiceBase[] => members.filter((service) => service.part === part);
  const [shared, released, migrating] = [inPart("shared"), inPart("release"), inPart("migration")];
  const stays = network.external === true || shared.length > 0 || migrating.length > 0;
  const named = (end: string): Pick<StackNetwork, "key" | "name"> => {
    return { key: `${name}${end}`, name: `${project}_${name}${end}` };
  };
  const own = { settings: ipv6Of(network), ranges: [], prefix: prefixFor(released) };
  // Nobody knows here whether a network that others made has a way out. If so, it is that of each colour as well.
  const internal = network.internal === true || network.external === true;
  const calledByOthers = serviceForOthers(network, released, all);
  return {
    ...{ name, network, shared, released, migrating, calledByOthers },
    ofColour: named(`-${colourPlaceholder}`),
    main: stays ? mainNetwork(named(""), network, members) : undefined,
    colours:
      released.length === 0
        ? []
        : colours.map((colour) => ({ ...named(`-${colour}`), ...own, kind: "colour", internal })),
    calls: callNetworks({ shared, released: calledByOthers === undefined ? released : [] }).map(
      ({ end, services }) => ({
        services,
        network: { ...named(end), kind: "calls", internal: true, settings: {}, ranges: [], prefix: prefixFor(shared) },
      }),
    ),
  };
}

function mainNetwork(
  named: Pick<StackNetwork, "key" | "name">,
  network: Network,
  members: readonly ServiceBase[],
): StackNetwork {
  const { name = named.name, external = false, internal = false, ranges = [], ...settings } = network;
  const kind = external ? "external" : "file";
  return { key: named.key, name, kind, internal, settings, ranges, prefix: prefixFor([...members, ...members]) };
}

function ipv6Of({ ipv6 }: Network): StackNetwork["settings"] {
  return ipv6 === undefined ? {} : { ipv6 };
}

/** The subnet of a network with few containers: 64 addresses. */
const smallest = 26;

/** Addresses for the network itself, the gateway, the proxy in both colours, and the one that is for nobody. */
const more = 5;

/** The bits of a subnet whose upper half holds these services: the lower one is for addresses that are fixed. */
function prefixFor(services: readonly ServiceBase[]): number {
  const containers = services.reduce((sum, { compose }) => sum + replicasOf(compose.fields), more);
  let prefix = smallest;
  while (sizeOf({ prefix }) / 2 < containers && prefix > 16) prefix -= 1;
  return prefix;
}
