import { Buffer } from "node:buffer";
import { expect, it, test } from "vitest";
import { parse } from "yaml";

import { aaperture, deployment, digest, service } from "../stack/aaperture.ts";
import { shop } from "../stack/small-applications.ts";
import { sharedOf } from "./rendering.ts";
import { at, tcp } from "../stack/port.ts";

it("shared services are a project of their own with external networks and volumes (F41)", () => {
  const { application, ...rest } = aaperture();
  const { postgres, api } = application.services;
  if (postgres === undefined || api === undefined) throw new Error("aaperture lost a service");
  const { project, directory, compose } = sharedOf({
    ...rest,
    application: { ...application, services: { postgres, api } },
  });
  expect({ project, directory }).toEqual({ project: "aaperture-staging", directory: "/var/www/aaperture-staging" });
  expect(compose).toBe(`name: aaperture-staging
networks:
  default:
    external: true
    name: aaperture-staging_default
services:
  postgres:
    container_name: aaperture-staging-postgres
    environment:
      POSTGRES_DB: \${POSTGRES_DB}
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD}
      POSTGRES_USER: \${POSTGRES_USER:-app}
    healthcheck:
      interval: 2s
      test:
        - CMD-SHELL
        - pg_isready --username $$POSTGRES_USER
    image: ${digest("postgres:17-alpine", "a")}
    logging:
      driver: json-file
      options:
        max-file: "3"
        max-size: 10m
    mem_limit: 536870912
    networks:
      default: {}
    ports:
      - 127.0.0.1:15432:5432
    pull_policy: never
    restart: always
    volumes:
      - source: pgdata
        target: /var/lib/postgresql/data
        type: volume
volumes:
  pgdata:
    external: true
    name: aaperture-staging_pgdata
`);
});

it("shared services join the networks in which they call release services beside those of their file", () => {
  const { services, files, joins } = sharedOf(aaperture());
  const compose: unknown = parse(sharedOf(aaperture()).compose);
  expect(Object.keys(services)).toEqual(["grafana", "postgres", "prometheus"]);
  expect(compose).toHaveProperty("services.prometheus.networks", { default: {} });
  expect(joins?.["prometheus"]).toEqual({ "aaperture-staging_default-calls": { aliases: [], fixed: false } });
  expect(compose).toHaveProperty("services.prometheus.ports", ["127.0.0.1:19090:9090"]);
  expect(compose).toHaveProperty("services.grafana.depends_on", { prometheus: { condition: "service_started" } });
  expect(files).toEqual({
    "prometheus/prometheus.yml": { mode: "0644", content: Buffer.from("scrape_configs: []\n") },
  });
});

test.each([
  { address: "0.0.0.0", protocol: "udp", entry: "0.0.0.0:5353:53/udp" },
  { address: "127.0.0.1", protocol: "tcp", entry: "127.0.0.1:5353:53" },
  { address: "::1", protocol: "tcp", entry: "[::1]:5353:53" },
] as const)("a shared service publishes $protocol on $address", ({ address, protocol, entry }) => {
  const services = [service("dns", { ports: [{ ...tcp(53), protocol }] })];
  const { compose } = sharedOf(deployment(services, {}, { ports: { dns: at(5353, address) } }));
  expect(parse(compose)).toHaveProperty("services.dns.ports", [entry]);
});

it("the shared services of a stack without a release join no network of a proxy", () => {
  const { compose, joins } = sharedOf(deployment([service("gitea")], {}, { project: "git" }));
  expect(joins).toEqual({ gitea: {} });
  expect(parse(compose)).toMatchObject({
    networks: { default: { external: true, name: "git_default" } },
    services: { gitea: { networks: { default: {} } } },
  });
});

it("shared services are rendered with their files, secret files, and the facts that the server needs", () => {
  const { files, secrets, services } = sharedOf(shop());
  expect(files).toEqual({ "relay/relay.conf": { mode: "0644", content: Buffer.from("limit 10\n") } });
  expect(secrets).toEqual({ "secrets/password.70": { variable: "DB_PASSWORD", owner: "70", mode: "0400" } });
  const none = { variables: [], defaults: {}, mounts: {}, secrets: {}, volumes: {} };
  expect(services).toEqual({
    database: {
      ...{ ...none, image: digest("postgres:18", "a"), deadline: 90, variables: ["DB_PASSWORD"] },
      ...{ secrets: { "/run/secrets/password": "DB_PASSWORD" }, volumes: { shop_rows: "postgres" } },
    },
    queue: { ...none, image: digest("redis:8", "b"), deadline: 60, volumes: { shop_jobs: "files" } },
    relay: { ...none, image: digest("registry.test/relay", "c"), deadline: 60, mounts: { "/etc/relay": "relay" } },
  });
});

it("a service for whose end another one waits is a job: it is not started again, and the server knows", () => {
  const dependsOn = { seed: { condition: "service_completed_successfully", required: true } } as const;
  const { services, compose } = sharedOf(deployment([service("seed", {}), service("web", { dependsOn })]));
  expect(services["seed"]).toHaveProperty("job", "ends");
  expect(services["web"]).not.toHaveProperty("job");
  expect(parse(compose)).toHaveProperty("services.seed.restart", "no");
  expect(parse(compose)).toHaveProperty("services.web.restart", "unless-stopped");
});
