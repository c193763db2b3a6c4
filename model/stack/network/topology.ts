import type { ServiceBase } from "../service.ts";
import { joinsOf, proxyJoins, type Joins } from "./joins.ts";
import { networkGroups, proxyNetwork, type NetworkFacts, type NetworkGroup, type StackNetwork } from "./networks.ts";
import { attachmentsOf, type Attachment } from "./attachments.ts";

/** The networks of a stack, and who is where in them. */
export interface Topology {
  readonly networks: readonly StackNetwork[];
  readonly groups: readonly NetworkGroup[];
  /** The networks of the proxy; undefined where there is no release. */
  readonly proxy: ProxyNetworks | undefined;
  attachmentsOf(service: ServiceBase): readonly Attachment[];
  joinsOf(service: ServiceBase): Joins;
}

/** The networks of a stack's proxy. */
export interface ProxyNetworks {
  /** The one that it has alone, in which it publishes ports. */
  readonly own: StackNetwork;
  readonly joins: Joins;
}

/** Derives the networks of a stack from those of the compose file. */
export function topologyOf(facts: NetworkFacts): Topology {
  const { project, services } = facts;
  const groups = networkGroups(facts);
  const hasRelease = services.some(({ part }) => part === "release");
  const proxy = hasRelease ? { own: proxyNetwork(project), joins: proxyJoins(groups, services) } : undefined;
  const networks = groups.flatMap(({ main, colours, calls }) => [
    ...(main === undefined ? [] : [main]),
    ...colours,
    ...calls.map(({ network }) => network),
  ]);
  return {
    networks: [...networks, ...(proxy === undefined ? [] : [proxy.own])],
    ...{ groups, proxy },
    attachmentsOf: (service) => attachmentsOf(service, groups, services),
    joinsOf: (service) => (service.part === "shared" ? joinsOf(service, groups) : {}),
  };
}
