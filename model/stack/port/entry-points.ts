import { containerPortText, nextFree, portsIn, type PortRange } from "../../port-range.ts";
import type { Problem } from "../../problem.ts";
import type { PortSettings } from "../deployment.ts";
import type { Topology } from "../network/topology.ts";
import type { PublishedPort, ServiceBase } from "../service.ts";
import { callablePorts, httpPorts, type PublishingService } from "./container-ports.ts";
import { publicationsOf, type Publication } from "./publication.ts";

/** A port on which the proxy listens inside of its container. */
export interface EntryPoint {
  readonly name: string;
  readonly port: number;
  /** The proxy reads requests of HTTP, or passes on connections as they are. */
  readonly speaks: "http" | "tcp";
  /** The port of a release service to which it leads. @default the proxy itself */
  readonly backend?: Backend;
  /** The network, by its name on the server, at whose address it listens. @default at every address */
  readonly network?: string;
  /** The networks, by their names on the server, from which alone it takes requests. @default from everywhere */
  readonly clients?: readonly string[];
}

/** A port of a release service. */
export interface Backend {
  readonly service: string;
  readonly port: number;
  /** The service at whose address it is. @default `service` */
  readonly at?: string;
}

/** The entry point at which the proxy answers for itself, and tells which generation it has loaded; not published. */
export const slipwayEntryPoint: EntryPoint = { name: "slipway", port: 8099, speaks: "http" };

/** The first port in the proxy's container for entry points that publish a service. */
const firstPublished = 9001;

/** The most TCP ports of a release service: the proxy has an entry point or two for each. */
const mostPorts = 500;

type Settings = Readonly<Record<string, PortSettings>>;

/** The entry points of a stack's proxy for the ports of release services, and the ports that it publishes by them. */
export function proxyPorts(
  services: readonly ServiceBase[],
  settings: Settings,
  topology: Topology,
): { readonly entryPoints: readonly EntryPoint[]; readonly published: readonly PublishedPort[] } {
  const released = services.filter(({ part }) => part === "release").sort((a, b) => (a.name < b.name ? -1 : 1));
  const inside = insideEntryPoints(topology);
  const taken = new Set([slipwayEntryPoint.port, ...inside.map(({ port }) => port)]);
  const places = released.map((service) => ({ service, places: tcpPlaces(service, settings[service.name]) }));
  const publishing = publishingEntryPoints(places, taken, topology);
  const published = places.flatMap(({ service, places: own }) =>
    own.flatMap((place) => behindProxy(service.name, place, publishing)),
  );
  return { entryPoints: [...inside, ...publishing], published };
}

function tcpPlaces(service: PublishingService, settings: PortSettings | undefined): Publication[] {
  return publicationsOf(service, settings).filter(({ protocol }) => protocol === "tcp");
}

/**
 * One entry point for each port of a release service in each network in which others call it, as in `http://api:8080`.
 * It listens at the proxy's address there: nobody else comes in by it, and a request to it is for this service,
 * whatever its Host header says.
 */
function insideEntryPoints({ groups }: Topology): EntryPoint[] {
  const bound = groups.flatMap(({ calls }) =>
    calls.flatMap(({ network, services }) =>
      services.flatMap((service) =>
        callablePorts(service).map((port) => {
          return { ...entryPoint(`${network.key}-${port}`, port, service, port), network: network.name };
        }),
      ),
    ),
  );
  const forOthers = entryPointsForOthers(groups).map((point) => {
    const also = bound.filter(({ port }) => port === point.port).map(({ network }) => network);
    return { ...point, clients: [...point.clients, ...also] };
  });
  // What listens at every address listens at those of the networks for calls, too.
  const rest = bound.filter(({ port }) => !forOthers.some((other) => other.port === port));
  return [...rest, ...forOthers].sort((a, b) => a.port - b.port || (a.name < b.name ? -1 : 1));
}

/**
 * The entry points of services that are called in networks that others made. The proxy's address there is not known
 * beforehand, so each listens at every address, and looks from which network a request comes.
 */
function entryPointsForOthers(groups: Topology["groups"]) {
  const services = new Set(groups.flatMap(({ calledByOthers }) => calledByOthers ?? []));
  return [...services].flatMap((service) => {
    const theirs = groups.filter(({ calledByOthers }) => calledByOthers === service);
    const clients = theirs.flatMap(({ main }) => (main === undefined ? [] : [main.name]));
    return callablePorts(service).map((port) => ({ ...entryPoint(`others-${port}`, port, service, port), clients }));
  });
}

/** An entry point that leads to a port of a service. */
function entryPoint(name: string, listens: number, service: ServiceBase, port: number): EntryPoint {
  const speaks = httpPorts(service).has(port) ? "http" : "tcp";
  return { name, port: listens, speaks, backend: backendOf(service, port) };
}

/** The backend that is a port of a service; one in the network of another service has that one's address. */
export function backendOf(
  { name, compose: { networkMode } }: Pick<ServiceBase, "name" | "compose">,
  port: number,
): Backend {
  return { service: name, port, ...(networkMode?.kind === "service" && { at: networkMode.service }) };
}

/**
 * One entry point for each published port, on a port of its own, since requests may have any host name. It listens
 * where the server's port leads.
 */
function publishingEntryPoints(
  released: readonly { readonly service: ServiceBase; readonly places: readonly Publication[] }[],
  taken: ReadonlySet<number>,
  { proxy }: Topology,
): EntryPoint[] {
  let last = firstPublished - 1;
  return released.flatMap(({ service, places }) => {
    const ports = new Set(places.flatMap(({ container }) => portsIn(container)));
    return [...ports].map((port): EntryPoint => {
      last = nextFree(last, taken);
      const own = entryPoint(`published-${service.name}-${port}`, last, service, port);
      return proxy === undefined ? own : { ...own, network: proxy.own.name };
    });
  });
}

/** The ports of a place as the proxy publishes them. Their entry points are in a row, but for taken ones. */
function behindProxy(service: string, place: Publication, entryPoints: readonly EntryPoint[]): PublishedPort[] {
  const own = entryPoints.filter(({ backend }) => backend?.service === service);
  const entries = new Map(own.map(({ port, backend }) => [backend?.port, port]));
  const { address, protocol } = place;
  const rows: { container: PortRange; target: PortRange }[] = [];
  for (const port of portsIn(place.container)) {
    const entry = entries.get(port);
    if (entry === undefined) continue;
    const last = rows.at(-1);
    if (last !== undefined && last.target.last + 1 === entry && last.container.last + 1 === port) {
      last.container = { ...last.container, last: port };
      last.target = { ...last.target, last: entry };
    } else rows.push({ container: { first: port, last: port }, target: { first: entry, last: entry } });
  }
  return rows.map(({ container, target }) => {
    const first = place.first + container.first - place.container.first;
    const last = first + container.last - container.first;
    return { address, protocol, first, last, service, container, by: "proxy", target };
  });
}

/** The problems of a release service's ports that the proxy cannot take over. */
export function proxyProblems(service: PublishingService, settings: PortSettings | undefined): Problem[] {
  const { name } = service;
  if (service.part !== "release") return [];
  const udp = publicationsOf(service, settings).filter(({ protocol }) => protocol === "udp");
  const ports = callablePorts(service);
  return [
    ...(ports.includes(slipwayEntryPoint.port) ? [ownPort(service)] : []),
    ...(udp.length > 0 ? [udpPorts(name, udp)] : []),
    ...(ports.length > mostPorts ? [tooManyPorts(name, ports.length)] : []),
  ];
}

function ownPort(service: PublishingService): Problem {
  const { port } = slipwayEntryPoint;
  const what = `is where slipway's proxy answers for itself, got '${port}'`;
  return { path: placeOfPort(service, port), what, todo: "let the service listen on another port" };
}

/** The place in configuration or compose file that names a port of a service. */
function placeOfPort({ name, settings, compose: { ports, exposed } }: PublishingService, port: number): string {
  if (settings.port === port) return `services.${name}.port`;
  const names = ({ first, last }: PortRange): boolean => first <= port && port <= last;
  if (ports.some(({ target, protocol }) => protocol === "tcp" && names(target)))
    return `compose.services.${name}.ports`;
  return `compose.services.${name}.${exposed.some(names) ? "expose" : "labels"}`;
}

function udpPorts(name: string, udp: readonly Publication[]): Problem {
  const ports = [...new Set(udp.map(({ container }) => containerPortText(container, "udp")))].join(", ");
  const what = `publishes UDP, which has no connections, so a switch would cut off its users, got '${ports}'`;
  const todo = `make it a shared service, without services.${name}.release: a new image then restarts it`;
  return { path: `ports.${name}`, what, todo };
}

function tooManyPorts(name: string, count: number): Problem {
  const what = `has more than the ${mostPorts} ports that the proxy takes of a release service, got '${count}'`;
  return { path: `ports.${name}`, what, todo: `make it a shared service, without services.${name}.release` };
}
