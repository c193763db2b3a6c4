import { Buffer } from "node:buffer";
import type { Application, Service, StackEnvFile } from "../../../model/compose/application.ts";
import { mapOf } from "../../../model/json.ts";
import { connectionOf } from "../../../model/connection.ts";
import type { Deployment, Migration, RolloutSettings, ServiceSettings } from "../../../model/stack/deployment.ts";
import type { ImageLock } from "../../../model/stack/images/lock.ts";
import type { PolicyRule, PolicySettings } from "../../../model/stack/policy-settings.ts";
import { at, tcp } from "./port.ts";

/** A reference by digest; the letter makes the digest. */
export function digest(repository: string, letter: string): string {
  return `${repository}@sha256:${letter.repeat(64)}`;
}

/** An image of slipway.lock; the letter makes the digest. */
export function lockedImage(letter: string): ImageLock[string] {
  return { digest: `sha256:${letter.repeat(64)}`, platforms: ["linux/amd64"] };
}

/** The env file of all of the stack's variables, as a service names it. */
export const stackFile: StackEnvFile = { from: "stack", path: ".env", place: "compose.yaml:5:5" };

/** The variable PGDATA of an environment; a reference to another variable is not known. */
function pgdataIn({ environment }: Service["fields"]): Pick<Service, "pgdata"> {
  const { PGDATA: value } = mapOf(environment);
  if (value === undefined) return {};
  return { pgdata: { value: typeof value === "string" && !value.includes("${") ? value : undefined } };
}

/** A service with nothing but name and image; tests add their own fields. */
export function service(name: string, also: Partial<Service> = {}): Service {
  return {
    name,
    image: digest(`registry.test/${name.toLowerCase()}`, "0"),
    ports: [],
    exposed: [],
    mounts: [],
    envFiles: [],
    ...pgdataIn(also.fields ?? {}),
    variables: [],
    dependsOn: {},
    networks: also.networkMode === undefined ? { default: { aliases: [], fields: {} } } : {},
    fields: {},
    restart: undefined,
    ...also,
  };
}

/** The default settings of a service. */
export function settings(also: Partial<ServiceSettings> = {}): ServiceSettings {
  return {
    ...{ release: false, boot: 60, drop: [] },
    ...also,
  };
}

/** A migration with the image of the api. */
export function migration(also: Partial<Service> = {}): Migration {
  const ofApi = { image: undefined, fields: { command: ["migrate"], environment: { NODE_ENV: "production" } } };
  return { service: service("migrate", { ...ofApi, ...also }), settings: settings(), deadline: 600 };
}

/** A policy with advisory rules, except for those of a test. */
export function policy(mandatory: readonly PolicyRule[] = [], waivers: PolicySettings["waivers"] = {}): PolicySettings {
  const level = (rule: PolicyRule): PolicySettings[PolicyRule] => (mandatory.includes(rule) ? "mandatory" : "advisory");
  const [health, limits, ports] = [level("health"), level("limits"), level("ports")];
  const [privileged, socket, mounts, secrets] = [
    level("privileged"),
    level("socket"),
    level("mounts"),
    level("secrets"),
  ];
  return { health, limits, ports, privileged, socket, mounts, secrets, waivers, tracked: {} };
}

/** The default settings of a switch. */
export const rolloutSettings: RolloutSettings = {
  strategy: "blue-green",
  gate: { answers: 10, seconds: 3, interval: 0.2 },
  watch: 5,
  warm: "stopped",
};

/** A deployment of services with their settings. */
export function deployment(
  services: readonly Service[],
  given: Readonly<Record<string, Partial<ServiceSettings>>> = {},
  also: Partial<Deployment> = {},
): Deployment {
  const mounts = services.flatMap((service) => service.mounts);
  const volumes = mounts.flatMap((mount) =>
    mount.type === "volume" && mount.source !== undefined ? [mount.source] : [],
  );
  const application: Application = {
    services: Object.fromEntries(services.map((service) => [service.name, service])),
    volumes: Object.fromEntries(volumes.map((name) => [name, {}])),
    networks: {},
    notes: [],
  };
  return {
    stack: "shop/staging",
    environment: "staging",
    hosts: {
      main: {
        connection: connectionOf({ address: "server.test", port: 22, user: "deploy", hostKey: "ssh-ed25519 AAAA" }),
        path: "host",
      },
    },
    directory: "/srv/shop",
    project: "shop",
    domain: undefined,
    protected: false,
    application,
    services: Object.fromEntries(services.map(({ name }) => [name, settings(given[name])])),
    ports: {},
    networks: { range: "10.213.0.0/16", subnets: {} },
    lock: {},
    proxy: { image: digest("traefik:v3.6", "f"), memory: undefined },
    registries: {},
    adopt: { done: false, data: {} },
    volumes: {},
    rollout: rolloutSettings,
    keep: { releases: 5 },
    memory: { reserve: 512 * 1024 ** 2 },
    lease: 300,
    policy: policy(),
    migrations: [],
    release: { version: "1.0.0", images: {} },
    variables: {},
    envFiles: { contents: {}, only: {} },
    ...also,
  };
}

const health = { test: ["CMD-SHELL", "pg_isready --username $$POSTGRES_USER"], interval: "2s" };
const prometheusFile = {
  path: "prometheus/prometheus.yml",
  content: Buffer.from("scrape_configs: []\n"),
  executable: false,
};

const services: readonly Service[] = [
  service("postgres", {
    image: "postgres:17-alpine",
    ports: [tcp(5432, { variable: "POSTGRES_HOST_PORT" })],
    mounts: [{ type: "volume", source: "pgdata", target: "/var/lib/postgresql/data", readOnly: false }],
    variables: ["POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_USER"],
    fields: {
      environment: {
        POSTGRES_DB: "${POSTGRES_DB}",
        POSTGRES_PASSWORD: "${POSTGRES_PASSWORD}",
        POSTGRES_USER: "${POSTGRES_USER:-app}",
      },
      healthcheck: health,
    },
    restart: "always",
  }),
  service("api", {
    image: undefined,
    ports: [tcp(8080, { variable: "API_HOST_PORT" })],
    envFiles: [stackFile],
    dependsOn: { postgres: { condition: "service_healthy", required: true } },
    fields: { environment: { NODE_ENV: "production" } },
    restart: "unless-stopped",
  }),
  service("web", {
    image: undefined,
    ports: [tcp(80, { variable: "WEB_HOST_PORT" })],
    variables: ["DOMAINNAME"],
    dependsOn: { api: { condition: "service_started", required: true } },
    fields: { environment: { DOMAIN: "${DOMAINNAME}" } },
  }),
  service("prometheus", {
    image: "prom/prometheus:v3",
    ports: [tcp(9090, { variable: "PROMETHEUS_HOST_PORT" })],
    mounts: [
      {
        type: "file",
        source: "prometheus/prometheus.yml",
        target: "/etc/prometheus/prometheus.yml",
        readOnly: true,
        files: [prometheusFile],
      },
      { type: "volume", source: "metrics", target: "/prometheus", readOnly: false },
    ],
  }),
  service("grafana", {
    image: "grafana/grafana:12",
    ports: [tcp(3000, { variable: "GRAFANA_HOST_PORT" })],
    dependsOn: { prometheus: { condition: "service_started", required: true } },
  }),
];

const ports = { postgres: 15432, api: 18080, web: 18081, prometheus: 19090, grafana: 13001 };

/** aaperture's staging with the ports of A6, as the loader makes it. */
export function aaperture(also: Partial<Deployment> = {}): Deployment {
  const given: Record<string, Partial<ServiceSettings>> = {
    postgres: { data: { volume: "pgdata" }, memory: 512 * 1024 ** 2 },
    api: { release: true, health: { path: "/health" }, boot: 30 },
    web: { release: true, health: { path: "/" } },
  };
  return deployment(services, given, {
    stack: "aaperture/staging",
    directory: "/var/www/aaperture-staging",
    project: "aaperture-staging",
    domain: "staging.aaperture.com",
    ports: Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, at(port)])),
    lock: {
      "postgres:17-alpine": lockedImage("a"),
      "prom/prometheus:v3": lockedImage("b"),
      "grafana/grafana:12": lockedImage("c"),
    },
    proxy: { image: digest("traefik", "f"), memory: 128 * 1024 ** 2 },
    registries: {},
    adopt: { done: false, data: {} },
    volumes: {},
    release: {
      version: "1.0.0",
      images: {
        api: digest("registry.test/api", "1"),
        web: digest("registry.test/web", "2"),
        migrate: digest("registry.test/api", "1"),
      },
    },
    variables: { POSTGRES_PASSWORD: "f1", DOMAINNAME: "f2", POSTGRES_DB: "f3" },
    ...also,
  });
}
