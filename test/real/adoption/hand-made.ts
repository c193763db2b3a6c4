import { stringify } from "yaml";
import type { JsonMap } from "../../../model/json.ts";

/** What a service of a hand-made deployment is. A job ends before the others start. */
export type Kind = "web" | "database" | "cache" | "worker" | "job";

/** Where the data of a service is, as its compose file says. */
export type Place = "volume" | "named volume" | "external volume" | "folder" | "path of the server";

/** A service that somebody runs by hand. */
export interface HandMadeService {
  readonly kind: Kind;
  /** Where its data is; a job has none. */
  readonly place?: Place | undefined;
  readonly restart?: string | undefined;
  readonly hasHealthCheck: boolean;
  /** The team builds its image, so that it is part of the release. */
  readonly isBuilt: boolean;
  /** A port of the server leads to it. */
  readonly isPublished: boolean;
}

/** An application that somebody started on a server with Compose, and how slipway takes it over. */
export interface HandMade {
  /** The compose project, and the folder below /srv from which it was started. */
  readonly project: string;
  /** The stack has the same compose project; otherwise one of its own. */
  readonly keepsName: boolean;
  readonly hasContainerNames: boolean;
  readonly networks: "default" | "own" | "named";
  /** At most one of each kind. */
  readonly services: readonly HandMadeService[];
  /** What somebody does after the first deployment: goes back, or ends the adoption. */
  readonly ending: "undo" | "done";
}

/** The name of the service of each kind in every compose file. */
export const serviceName = { web: "web", database: "db", cache: "cache", worker: "worker", job: "setup" } as const;

/** The folder of the data in the container of each kind. */
export const dataTarget = {
  web: "/uploads",
  database: "/var/lib/postgresql/data",
  cache: "/data",
  worker: "/work",
} as const;

/** The ports of the server at which services are published. */
export const serverPort = { web: 18080, database: 15432, cache: 16379 } as const;

/** The password of the database, which the compose file leaves to the environment. */
export const password = "hand-made-password-7215";

/** The folder of a hand-made deployment on the server. */
export function folderOf({ project }: Pick<HandMade, "project">): string {
  return `/srv/${project}`;
}

/** The services of the release, in the compose file's own names. */
export function releasedServices({ services }: Pick<HandMade, "services">): string[] {
  return services.filter(({ isBuilt }) => isBuilt).map(({ kind }) => serviceName[kind]);
}

/** The paths on the server of the data that lie in no volume. */
export function foldersOf(deployment: HandMade): string[] {
  return deployment.services.flatMap(({ kind, place }) => {
    if (place === "folder") return [`${folderOf(deployment)}/data/${serviceName[kind]}`];
    return place === "path of the server" ? [hostPath(deployment, kind)] : [];
  });
}

/** The volumes that somebody made before Compose started anything. */
export function externalVolumes(deployment: HandMade): string[] {
  return deployment.services
    .filter(({ place }) => place === "external volume")
    .map(({ kind }) => ownName(deployment, kind));
}

/** The text of the compose file; `registry` has the images of the team. */
export function composeText(deployment: HandMade, registry: string): string {
  const { services, networks, project } = deployment;
  const made = services.map((service) => [serviceName[service.kind], serviceOf(deployment, service, registry)]);
  const volumes = services.flatMap((service) => volumeOf(deployment, service));
  return stringify({
    services: Object.fromEntries(made) as JsonMap,
    ...(volumes.length > 0 && { volumes: Object.fromEntries(volumes) }),
    ...(networks !== "default" && { networks: { back: networks === "own" ? {} : { name: `${project}-net` } } }),
  });
}

function serviceOf(deployment: HandMade, service: HandMadeService, registry: string): JsonMap {
  const { kind, restart, hasHealthCheck, isBuilt, isPublished } = service;
  const name = serviceName[kind];
  const ports = isPublished ? publishedPorts(kind) : [];
  const waits = waitsOf(deployment, kind);
  const mount = mountOf(deployment, service);
  return {
    ...programOf(kind, registry),
    ...(isBuilt && { build: "." }),
    ...(deployment.hasContainerNames && { container_name: `${deployment.project}-${name}` }),
    ...(restart !== undefined && { restart }),
    ...(hasHealthCheck && { healthcheck: { test: healthTests[kind], interval: "2s", timeout: "10s", retries: 30 } }),
    ...(ports.length > 0 && { ports }),
    ...(mount !== undefined && { volumes: [mount] }),
    ...(deployment.networks !== "default" && { networks: ["back"] }),
    ...(Object.keys(waits).length > 0 && { depends_on: waits }),
  };
}

function programOf(kind: Kind, registry: string): JsonMap {
  const name = serviceName[kind];
  switch (kind) {
    case "database":
      return { image: "postgres:17-alpine", environment: { POSTGRES_PASSWORD: "${DB_PASSWORD}" } };
    case "cache":
      return { image: "redis:alpine", command: ["--appendonly", "yes", "--appendfsync", "always"] };
    default:
      return { image: `${registry}/hand/${name}:1.0.0` };
  }
}

const healthTests: Readonly<Record<Kind, string[]>> = {
  web: ["CMD", "/app", "health", "http://localhost:8080/health"],
  database: ["CMD", "pg_isready", "--username", "postgres", "--host", "127.0.0.1"],
  cache: ["CMD", "redis-cli", "ping"],
  worker: ["CMD", "/stand-in"],
  job: ["CMD", "/stand-in"],
};

function publishedPorts(kind: Kind): string[] {
  switch (kind) {
    case "web":
      return [`${serverPort.web}:8080`];
    case "database":
      return [`127.0.0.1:${serverPort.database}:5432`];
    case "cache":
      return [`127.0.0.1:${serverPort.cache}:6379`];
    default:
      return [];
  }
}

/** The services for which one of this kind waits: those that are before it in the list. */
function waitsOf({ services }: HandMade, kind: Kind): JsonMap {
  const order: readonly Kind[] = ["database", "cache", "job", "worker", "web"];
  const before = services.filter((other) => order.indexOf(other.kind) < order.indexOf(kind) && other.kind !== "worker");
  return Object.fromEntries(
    before.map((other) => [serviceName[other.kind], { condition: conditionOf(other) }] as const),
  );
}

function conditionOf({ kind, hasHealthCheck }: HandMadeService): string {
  if (kind === "job") return "service_completed_successfully";
  return hasHealthCheck ? "service_healthy" : "service_started";
}

function mountOf(deployment: HandMade, { kind, place }: HandMadeService): string | undefined {
  if (place === undefined || kind === "job") return undefined;
  const target = dataTarget[kind];
  if (place === "folder") return `./data/${serviceName[kind]}:${target}`;
  if (place === "path of the server") return `${hostPath(deployment, kind)}:${target}`;
  return `${volumeKey(kind)}:${target}`;
}

function volumeOf(deployment: HandMade, { kind, place }: HandMadeService): [string, JsonMap][] {
  const name = ownName(deployment, kind);
  if (place === "volume") return [[volumeKey(kind), {}]];
  if (place === "named volume") return [[volumeKey(kind), { name }]];
  return place === "external volume" ? [[volumeKey(kind), { external: true, name }]] : [];
}

function volumeKey(kind: Kind): string {
  return `${serviceName[kind]}-data`;
}

function ownName({ project }: HandMade, kind: Kind): string {
  return `${project}.${serviceName[kind]}`;
}

function hostPath({ project }: HandMade, kind: Kind): string {
  return `/srv/${project}-data/${serviceName[kind]}`;
}
