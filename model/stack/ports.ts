import type { Problem } from "../problem.ts";
import type { PortSettings } from "./deployment.ts";
import { labelEntryPoints } from "./labels/entry-points.ts";
import { labelNetwork, type LabelNetwork } from "./labels/label-network.ts";
import { labelledServices } from "./labels/proxy-labels.ts";
import type { Topology } from "./network/topology.ts";
import { proxyPorts, proxyProblems, slipwayEntryPoint, type EntryPoint } from "./port/entry-points.ts";
import { portNotes } from "./port/notes.ts";
import { publicationProblems } from "./port/problems.ts";
import { publicationsOf } from "./port/publication.ts";
import { portsOfSsh } from "./port/suggestion.ts";
import type { ServiceBase, PublishedPort } from "./service.ts";
import type { Stack } from "./stack.ts";

/** All ports of a stack. */
export interface Ports {
  /** Sorted by protocol, port and address of the server. */
  readonly published: readonly PublishedPort[];
  readonly entryPoints: readonly EntryPoint[];
  /** The network in which a team's own Traefik comes to the proxy; undefined where no network has all its services. */
  readonly labelNetwork: LabelNetwork | undefined;
  /** Everything about them that is different from Compose. */
  readonly notes: readonly string[];
}

type Settings = Readonly<Record<string, PortSettings>>;

/** Assigns the ports of a stack, so that no port in the proxy's container has two meanings. */
export function portsOf(services: readonly ServiceBase[], settings: Settings, topology: Topology): Ports {
  const proxy = proxyPorts(services, settings, topology);
  const own = services.filter(({ part }) => part === "shared").flatMap((service) => ownPorts(service, settings));
  const taken = new Set([...proxy.entryPoints, slipwayEntryPoint].map(({ port }) => port));
  const labelled = labelledServices(services);
  const network = labelNetwork(labelled, topology);
  const labelPoints = labelEntryPoints(labelled, taken, network);
  return {
    labelNetwork: network,
    published: [...own, ...proxy.published].sort(byPlace),
    entryPoints: [...proxy.entryPoints, ...labelPoints, slipwayEntryPoint],
    notes: portNotes(services, settings),
  };
}

function ownPorts(service: ServiceBase, settings: Settings): PublishedPort[] {
  return publicationsOf(service, settings[service.name]).map(({ address, protocol, first, last, container }) => ({
    ...{ address, protocol, first, last, container },
    ...{ service: service.name, by: "service", target: container },
  }));
}

function byPlace(one: PublishedPort, other: PublishedPort): number {
  if (one.protocol !== other.protocol) return one.protocol < other.protocol ? -1 : 1;
  return one.first - other.first || (one.address < other.address ? -1 : 1);
}

/** Requires a place or `none` for each port that the compose file publishes, and ports that the proxy can take over. */
export function ensurePortsArePublished(stack: Pick<Stack, "hosts" | "services" | "ports">): Problem[] {
  const taken = portsOfSsh(stack);
  return stack.services
    .filter(({ part }) => part !== "migration")
    .flatMap((service) => {
      const settings = stack.ports[service.name];
      return [...publicationProblems(service, settings, taken), ...proxyProblems(service, settings)];
    });
}
