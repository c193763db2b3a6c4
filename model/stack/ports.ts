import type { Deployment, HostPort, ServiceSettings } from "./deployment.ts";
import type { Problem } from "../problem.ts";

/** A port of the server and what stands behind it. */
export interface PublishedPort extends HostPort {
  readonly service: string;
  readonly protocol: "tcp" | "udp";
  /** Whose container publishes it: the service's own, or the proxy's for a release service. */
  readonly by: "service" | "proxy";
  /** The port inside of that container. */
  readonly target: number;
}

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

/** Lays out the ports of a stack, so that inside of the proxy no port number has two meanings. */
export function portsOf(deployment: Deployment): Ports {
  const inside = insideEntryPoints(deployment);
  const publishing = publishingEntryPoints(deployment, inside);
  const published = Object.keys(deployment.ports)
    .flatMap((service) => publishedPort(deployment, service, publishing))
    .sort((a, b) => a.port - b.port);
  return { published, entryPoints: [...inside, ...publishing, slipwayEntryPoint] };
}

/** The port on which a service listens inside of its container, where it is known. */
export function containerPort({ application, services }: Deployment, service: string): number | undefined {
  const ports = application.services[service]?.ports ?? [];
  return services[service]?.port ?? (ports.length === 1 ? ports[0]?.target : undefined);
}

/** The release services, by name. */
export function releaseServices({ application, services }: Deployment): string[] {
  return Object.keys(application.services)
    .filter((service) => services[service]?.release === true)
    .sort();
}

/** One entry point for each container port of the release services: shared services call `http://api:8080` there. */
function insideEntryPoints(deployment: Deployment): EntryPoint[] {
  const byPort = Map.groupBy(releaseServices(deployment), (service) => containerPort(deployment, service));
  return [...byPort]
    .flatMap(([port, services]) => (port === undefined ? [] : [{ name: `inside-${port}`, port, services }]))
    .sort((a, b) => a.port - b.port);
}

/** One entry point for each release service that is published, on a port of its own: any host name may be asked for there. */
function publishingEntryPoints(deployment: Deployment, inside: readonly EntryPoint[]): EntryPoint[] {
  const taken = new Set(inside.map(({ port }) => port));
  let port = firstPublished - 1;
  return releaseServices(deployment)
    .filter((service) => deployment.ports[service] !== undefined && containerPort(deployment, service) !== undefined)
    .map((service) => {
      do port++;
      while (taken.has(port));
      return { name: `published-${service}`, port, services: [service] };
    });
}

function publishedPort(
  deployment: Deployment,
  service: string,
  publishing: readonly EntryPoint[],
): readonly PublishedPort[] {
  const entryPoint = publishing.find(({ services }) => services.includes(service));
  const target = entryPoint?.port ?? containerPort(deployment, service);
  const hostPort = deployment.ports[service];
  if (target === undefined || hostPort === undefined) return [];
  const by = entryPoint === undefined ? "service" : "proxy";
  return [{ ...hostPort, service, protocol: protocolOf(deployment, service), by, target }];
}

function protocolOf(deployment: Deployment, service: string): "tcp" | "udp" {
  const port = containerPort(deployment, service);
  return deployment.application.services[service]?.ports.find(({ target }) => target === port)?.protocol ?? "tcp";
}

/** Everything about the ports that cannot be laid out. */
export function portProblems(deployment: Deployment): Problem[] {
  const unknown = Object.entries(deployment.ports).flatMap(([service, { port }]) =>
    containerPort(deployment, service) === undefined ? [unknownPort(deployment, service, port)] : [],
  );
  const released = releaseServices(deployment).flatMap((service) => releasePortProblems(deployment, service));
  return [...unknown, ...released];
}

function unknownPort({ application }: Deployment, service: string, port: number): Problem {
  const ports = application.services[service]?.ports ?? [];
  const found = ports.length === 0 ? "none" : ports.map(({ target }) => String(target)).join(" and ");
  const what = `is missing, and the compose file does not name one container port for host port ${port}, got '${found}'`;
  return { path: `services.${service}.port`, what, todo: "say on which port the service listens in its container" };
}

function releasePortProblems(deployment: Deployment, service: string): Problem[] {
  const path = `services.${service}.port`;
  const problems: Problem[] = [];
  if (containerPort(deployment, service) === slipwayEntryPoint.port) {
    const what = `is where slipway's proxy answers for itself, got '${slipwayEntryPoint.port}'`;
    problems.push({ path, what, todo: "let the service listen on another port" });
  }
  if (protocolOf(deployment, service) === "udp") {
    const what = `is a port of UDP, which the proxy of a release service does not route, got '${String(containerPort(deployment, service))}'`;
    problems.push({ path, what, todo: "make it a shared service, without release: true" });
  }
  return problems;
}

/** Settings of a service of the application; every one has them. */
export function settingsOf({ services }: Deployment, service: string): ServiceSettings {
  const settings = services[service];
  if (settings === undefined) throw new Error(`a service without settings: '${service}'`);
  return settings;
}
