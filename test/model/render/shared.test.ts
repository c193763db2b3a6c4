import { Buffer } from "node:buffer";
import { expect, it } from "vitest";
import { parse } from "yaml";

import { aaperture, deployment, digest, service } from "../stack/aaperture.ts";
import { sharedOf } from "./rendering.ts";

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
  data:
    external: true
    name: aaperture-staging_data
  edge:
    external: true
    name: aaperture-staging_edge
services:
  postgres:
    environment:
      POSTGRES_DB: \${POSTGRES_DB}
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD}
      POSTGRES_USER: \${POSTGRES_USER:-app}
    healthcheck:
      interval: 2s
      test:
        - CMD-SHELL
        - pg_isready --username $$POSTGRES_USER
    image: ${digest("postgres", "a")}
    logging:
      driver: json-file
      options:
        max-file: "3"
        max-size: 10m
    mem_limit: 536870912
    networks:
      data: {}
    ports:
      - 127.0.0.1:15432:5432
    pull_policy: never
    restart: unless-stopped
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

it("shared services without data are on the edge network too, where they can call release services", () => {
  const { services, files } = sharedOf(aaperture());
  const compose: unknown = parse(sharedOf(aaperture()).compose);
  expect(Object.keys(services)).toEqual(["grafana", "postgres", "prometheus"]);
  expect(compose).toHaveProperty("services.prometheus.networks", { data: {}, edge: {} });
  expect(compose).toHaveProperty("services.prometheus.ports", ["127.0.0.1:19090:9090"]);
  expect(compose).toHaveProperty("services.grafana.depends_on", { prometheus: { condition: "service_started" } });
  expect(files).toEqual({
    "prometheus/prometheus.yml": { mode: "0644", content: Buffer.from("scrape_configs: []\n") },
  });
});

it("a shared service may publish UDP", () => {
  const services = [service("dns", { ports: [{ target: 53, protocol: "udp", variable: undefined }] })];
  const { compose } = sharedOf(deployment(services, {}, { hostPorts: { dns: { address: "0.0.0.0", port: 5353 } } }));
  expect(parse(compose)).toHaveProperty("services.dns.ports", ["0.0.0.0:5353:53/udp"]);
});

it("an application without shared services has an empty project", () => {
  const { compose, services } = sharedOf(deployment([service("api")], { api: { release: true } }));
  expect(parse(compose)).toMatchObject({ name: "shop", services: {}, volumes: {} });
  expect(services).toEqual({});
});
