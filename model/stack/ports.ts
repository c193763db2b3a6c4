import type { Problem } from "../problem.ts";
import type { HostPort } from "./deployment.ts";
import { labelEntryPoints } from "./labels/entry-points.ts";
import { labelledServices } from "./labels/proxy-labels.ts";
import type { ServiceBase, PublishedPort } from "./service.ts";

/** A port on which the proxy listens inside of its container. */
export interface EntryPoint {
  readonly name: string;
  readonly port: number;
  /** The release services behind it; if there are several, the host name of a request decides. */
  readonly services: readonly string[];
}

/** All ports of a stack. */
export interface Ports {
  /** Sorted by host port. */
  readonly published: readonly PublishedPort[];
  readonly entryPoints: readonly EntryPoint[];
}

/** The entry point at which the proxy answers for itself, and tells which generation it has loaded; not published. */
export const slipwayEntryPoint: EntryPoint = { name: "slipway", port: 8099, services: [] };

/** The first port in the proxy's container for entry points that publish a service. */
const firstPublished = 9001;

/** Tells an address that only the server itself can reach. */
export function isLoopback(address: string): boolean {
  return /^(127\.|::1$)/.test(address);
}

type HostPorts = Readonly<Record<string, HostPort>>;

/** Assigns the ports of a stack, so that no port in the proxy's container has two meanings. */
export function portsOf(services: readonly ServiceBase[], hostPorts: HostPorts): Ports {
  const released = services.filter(({ part }) => part === "release").sort((a, b) => (a.name < b.name ? -1 : 1));
  const inside = insideEntryPoints(released);
  const publishing = publishingEntryPoints(
    released.filter(({ name, port }) => hostPorts[name] !== undefined && port !== undefined),
    new Set(inside.map(({ port }) => port)),
  );
  const published = services
    .flatMap((service) => publishedPort(service, hostPorts[service.name], publishing))
    .sort((a, b) => a.port - b.port);
  const taken = new Set([...inside, ...publishing, slipwayEntryPoint].map(({ port }) => port));
  const labelled = labelEntryPoints(labelledServices(released), taken);
  return { published, entryPoints: [...inside, ...publishing, ...labelled, slipwayEntryPoint] };
}

/** One entry point for each container port of the release services, at which shared services call `http://api:8080`. */
function insideEntryPoints(released: readonly ServiceBase[]): EntryPoint[] {
  const byPort = Map.groupBy(released, ({ port }) => port);
  return [...byPort]
    .flatMap(([port, services]) => {
      if (port === undefined) return [];
      return [{ name: `inside-${port}`, port, services: services.map(({ name }) => name) }];
    })
    .sort((a, b) => a.port - b.port);
}

/** One entry point for each published release service, on a port of its own, since requests may have any host name. */
function publishingEntryPoints(published: readonly ServiceBase[], taken: ReadonlySet<number>): EntryPoint[] {
  let port = firstPublished - 1;
  return published.map(({ name }) => {
    do port++;
    while (taken.has(port));
    return { name: `published-${name}`, port, services: [name] };
  });
}

function publishedPort(
  { name: service, port, protocol }: ServiceBase,
  hostPort: HostPort | undefined,
  publishing: readonly EntryPoint[],
): PublishedPort[] {
  const entryPoint = publishing.find(({ services }) => services.includes(service));
  const target = entryPoint?.port ?? port;
  if (target === undefined || hostPort === undefined) return [];
  return [{ ...hostPort, service, protocol, by: entryPoint === undefined ? "service" : "proxy", target }];
}

/** Requires a known container port for each published service, and ports of the release that the proxy can route. */
export function ensurePortsAreKnown({
  services,
  hostPorts,
}: {
  readonly services: readonly ServiceBase[];
  readonly hostPorts: HostPorts;
}): Problem[] {
  const unknown = services
    .filter(({ port }) => port === undefined)
    .flatMap((service) => unknownPort(service, hostPorts[service.name]));
  return [...unknown, ...services.filter(({ part }) => part === "release").flatMap(releasePortProblems)];
}

function unknownPort({ name, compose: { ports } }: ServiceBase, hostPort: HostPort | undefined): Problem[] {
  if (hostPort === undefined) return [];
  const targets = ports.length === 0 ? "none" : ports.map(({ target }) => String(target)).join(" and ");
  const cause = `the compose file does not name one container port for host port ${hostPort.port}`;
  const what = `is missing, and ${cause}, got '${targets}'`;
  const todo = "say on which port the service listens in its container";
  return [{ path: `services.${name}.port`, what, todo }];
}

function releasePortProblems({ name, port, protocol }: ServiceBase): Problem[] {
  const path = `services.${name}.port`;
  const problems: Problem[] = [];
  if (port === slipwayEntryPoint.port) {
    const what = `is where slipway's proxy answers for itself, got '${slipwayEntryPoint.port}'`;
    problems.push({ path, what, todo: "let the service listen on another port" });
  }
  if (protocol === "udp") {
    const what = `is a port of UDP, which the proxy of a release service does not route, got '${String(port)}'`;
    problems.push({ path, what, todo: "make it a shared service, without release: true" });
  }
  return problems;
}

/** An address as it stands before a port: one of IPv6 needs brackets. */
export function beforePort(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
