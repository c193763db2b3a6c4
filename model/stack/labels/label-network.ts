import type { NetworkGroup } from "../network/networks.ts";
import type { Topology } from "../network/topology.ts";
import type { LabelledService } from "./proxy-labels.ts";
import { networkLabel, valueOf } from "./traefik-names.ts";

/** The network in which a team's own Traefik comes to the proxy. */
export interface LabelNetwork {
  /** Its name on the server. */
  readonly name: string;
  /** The proxy's address in it is known beforehand, so that it can listen there alone. */
  readonly fixed: boolean;
}

/**
 * One network for all services with labels, since a container has one label for it: the one that the file names, else
 * one in which callers of all of them are. If none of them has a caller, Traefik is in no network of the stack, and
 * comes from the server itself. Undefined where they have no network in common.
 */
export function labelNetwork(services: readonly LabelledService[], { groups, proxy }: Topology) {
  const own = services.map((service) => networksOf(service, groups));
  const [named] = services.flatMap(({ labels }) => valueOf(labels, networkLabel) ?? []);
  const [first = []] = own;
  const common = first.filter(({ name }) => own.every((networks) => networks.some((other) => other.name === name)));
  const found = common.find(({ key }) => key === named) ?? common.find(({ fixed }) => !fixed) ?? common[0];
  const ofProxy = proxy && { name: proxy.own.name, fixed: true };
  return found ?? (own.every((networks) => networks.length === 0) ? ofProxy : undefined);
}

/** A network with the name of the file's network for which it is. */
interface CallerNetwork extends LabelNetwork {
  readonly key: string;
}

/** The networks in which callers of a service reach the proxy. */
function networksOf({ name }: LabelledService, groups: readonly NetworkGroup[]): CallerNetwork[] {
  return groups
    .filter(({ released }) => released.some((service) => service.name === name))
    .flatMap(({ main, calls }): CallerNetwork[] => {
      if (main === undefined) return [];
      if (main.kind === "external") return [{ key: main.name, name: main.name, fixed: false }];
      return calls.map(({ network }) => ({ key: main.name, name: network.name, fixed: true }));
    });
}
