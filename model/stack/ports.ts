import type { Problem } from "../problem.ts";
import type { HostPort } from "./deployment.ts";
import type { OwnFacts, PublishedPort } from "./service.ts";

/** A port on which the proxy listens inside of its container. */
export interface EntryPoint {
  readonly name: string;
  readonly port: number;
  /** The release services that are reached through it; where there are several, the host name of a request decides. */
  readonly services: readonly string[];
}

/** What listens where. */
export interface Ports {
  /** In the order of the host's ports. */
  readonly published: readonly PublishedPort[];
  readonly entryPoints: readonly EntryPoint[];
}

/** Where the proxy answers whether it routes for a generation; never published. */
export const slipwayEntryPoint: EntryPoint = { name: "slipway", port: 8099, services: [] };

/** The first port inside of the proxy's container for what it publishes. */
const firstPublished = 9001;

type HostPorts = Readonly<Record<string, HostPort>>;

/** Lays out the ports of a stack, so that inside of the proxy no port number has two meanings. */
export function portsOf(services: readonly OwnFacts[], hostPorts: HostPorts): Ports {
  const released = services.filter(({ part }) => part === "release").sort((a, b) => (a.name < b.name ? -1 : 1));
  const inside = insideEntryPoints(released);
  const publishing = publishingEntryPoints(
    released.filter(({ name, port }) => hostPorts[name] !== undefined && port !== undefined),
    new Set(inside.map(({ port }) => port)),
  );
  const published = services
    .flatMap((service) => publishedPort(service, hostPorts[service.name], publishing))
    .sort((a, b) => a.port - b.port);
  return { published, entryPoints: [...inside, ...publishing, slipwayEntryPoint] };
}

/** One entry point for each container port of the release services: shared services call `http://api:8080` there. */
function insideEntryPoints(released: readonly OwnFacts[]): EntryPoint[] {
  const byPort = Map.groupBy(released, ({ port }) => port);
  return [...byPort]
    .flatMap(([port, services]) => {
      if (port === undefined) return [];
      return [{ name: `inside-${port}`, port, services: services.map(({ name }) => name) }];
    })
    .sort((a, b) => a.port - b.port);
}

/** One entry point for each release service that is published, on a port of its own: any host name may be asked for there. */
function publishingEntryPoints(published: readonly OwnFacts[], taken: ReadonlySet<number>): EntryPoint[] {
  let port = firstPublished - 1;
  return published.map(({ name }) => {
    do port++;
    while (taken.has(port));
    return { name: `published-${name}`, port, services: [name] };
  });
}

function publishedPort(
  { name: service, port, protocol }: OwnFacts,
  hostPort: HostPort | undefined,
  publishing: readonly EntryPoint[],
): PublishedPort[] {
  const entryPoint = publishing.find(({ services }) => services.includes(service));
  const target = entryPoint?.port ?? port;
  if (target === undefined || hostPort === undefined) return [];
  return [{ ...hostPort, service, protocol, by: entryPoint === undefined ? "service" : "proxy", target }];
}

/** Every port can be laid out: one that is published is known, and the proxy can route those of the release. */
export function ensurePortsAreKnown({
  services,
  hostPorts,
}: {
  readonly services: readonly OwnFacts[];
  readonly hostPorts: HostPorts;
}): Problem[] {
  const unknown = services
    .filter(({ port }) => port === undefined)
    .flatMap((service) => unknownPort(service, hostPorts[service.name]));
  return [...unknown, ...services.filter(({ part }) => part === "release").flatMap(releasePortProblems)];
}

function unknownPort({ name, compose: { ports } }: OwnFacts, hostPort: HostPort | undefined): Problem[] {
  if (hostPort === undefined) return [];
  const found = ports.length === 0 ? "none" : ports.map(({ target }) => String(target)).join(" and ");
  const what = `is missing, and the compose file does not name one container port for host port ${hostPort.port}, got '${found}'`;
  const todo = "say on which port the service listens in its container";
  return [{ path: `services.${name}.port`, what, todo }];
}

function releasePortProblems({ name, port, protocol }: OwnFacts): Problem[] {
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
