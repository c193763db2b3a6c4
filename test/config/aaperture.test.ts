import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { checkout } from "../../toolchain/paths.ts";
import { loadAaperture } from "./aaperture-stack.ts";
import { digest, hostKey } from "./trial-repository.ts";
import { releaseOf, migrationOf } from "../model/render/rendering.ts";

describe("aaperture", () => {
  it.each([
    [
      "staging",
      "/var/www/aaperture-staging",
      "aaperture-staging",
      "staging.aaperture.com",
      { postgres: 15432, api: 18080, web: 18081, prometheus: 19090, grafana: 13001 },
    ],
    [
      "production",
      "/var/www/aaperture",
      "aaperture",
      "aaperture.com",
      { postgres: 5432, api: 8080, web: 8081, prometheus: 9090, grafana: 3001 },
    ],
  ])(
    "has in %s the directory, project, domain and ports of A6 and A8",
    async (stack, directory, project, domain, ports) => {
      const { deployment } = await loadAaperture(stack);
      const published = Object.entries(ports).map(([name, port]) => [
        name,
        { only: [{ first: port, last: port, address: undefined }] },
      ]);
      expect(deployment).toMatchObject({ stack: `aaperture/${stack}`, environment: stack, directory, project, domain });
      expect(deployment.ports).toEqual(Object.fromEntries(published));
      expect(deployment.hosts["main"]?.connection).toMatchObject({ host: "192.0.2.10", user: "deploy", hostKey });
    },
  );

  it("differs between its environments only where A5 says so", async () => {
    const [staging, production] = [
      (await loadAaperture("staging")).deployment,
      (await loadAaperture("production")).deployment,
    ];
    expect(production.services).toEqual(staging.services);
    // The compose file itself names no port of the server but by variables.
    const withoutHost = (key: string, value: unknown): unknown => (key === "host" ? undefined : value);
    expect(JSON.stringify(production.application, withoutHost)).toBe(JSON.stringify(staging.application, withoutHost));
    expect(production.lock).toEqual(staging.lock);
    expect(Object.keys(production.variables)).toEqual(Object.keys(staging.variables));
    const held = ({ directory, project, ports }: typeof staging): unknown[] => [
      directory,
      project,
      ...Object.values(ports),
    ];
    expect(held(staging).filter((value) => held(production).includes(value))).toEqual([]);
  });

  it("releases api and web, keeps Postgres' data in pgdata, and does not serve with its migration", async () => {
    const { services, application } = (await loadAaperture("staging")).deployment;
    expect(Object.keys(application.services)).toEqual(["api", "web", "postgres", "prometheus", "grafana"]);
    expect(Object.keys(services).filter((name) => services[name]?.release)).toEqual(["api", "web"]);
    expect(services["postgres"]?.data).toEqual({ volume: "pgdata" });
    expect(application.services["prometheus"]?.mounts).toMatchObject([
      { type: "file", source: "infra/prometheus/prometheus.yml" },
      { type: "volume", source: "prometheus" },
    ]);
  });

  it("A7: writes each port, the directory, project and domain into the env itself", async () => {
    expect(
      Object.fromEntries((await loadAaperture("staging")).values.map(({ name, value }) => [name, value])),
    ).toMatchObject({
      ENVIRONMENT: "staging",
      COMPOSE_PROJECT_NAME: "aaperture-staging",
      SERVER_APP_DIR: "/var/www/aaperture-staging",
      DOMAINNAME: "staging.aaperture.com",
      POSTGRES_HOST_PORT: "15432",
      API_HOST_PORT: "18080",
      WEB_HOST_PORT: "18081",
      PROMETHEUS_HOST_PORT: "19090",
      GRAFANA_HOST_PORT: "13001",
      FRONTEND_URL: "https://staging.aaperture.com",
      FRONTEND_BASE_URL: "https://app.staging.aaperture.com",
    });
  });

  it("A7: declares in .env.example every variable of A7, and every one that a stack sets", async () => {
    const example = readFileSync(join(checkout, ".env.example"), "utf8");
    const names = [...example.matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name);
    const set = [...(await loadAaperture("staging")).values, ...(await loadAaperture("production")).values].map(
      ({ name }) => name,
    );
    const required =
      "SERVER_HOST SERVER_USER SERVER_APP_DIR COMPOSE_PROJECT_NAME SSH_PRIVATE_KEY DOMAINNAME FRONTEND_URL " +
      "FRONTEND_BASE_URL API_BASE_URL PUBLIC_ROOT_DOMAIN ALLOWED_ORIGINS GOOGLE_CLIENT_ID GOOGLE_CLIENT_SECRET " +
      "GOOGLE_CALLBACK_URL POSTGRES_DB POSTGRES_USER POSTGRES_PASSWORD POSTGRES_HOST_PORT API_HOST_PORT " +
      "WEB_HOST_PORT PROMETHEUS_HOST_PORT GRAFANA_HOST_PORT";
    expect([...required.split(" "), ...set].filter((name) => !names.includes(name))).toEqual([]);
    for (const prefix of ["R2_", "STRIPE_", "SENTRY_", "VAPID_"]) {
      expect(names.filter((name) => name?.startsWith(prefix))).not.toEqual([]);
    }
    expect(names).toEqual([...new Set(names)]);
  });
});

describe("A9: the environment's name in an application", () => {
  it.each(["staging", "production"])(
    "is NODE_ENV=production in %s, and ENVIRONMENT for its migration",
    async (stack) => {
      const { deployment } = await loadAaperture(stack);
      const images = Object.fromEntries(["api", "web"].map((name) => [name, digest(name)]));
      const released = { ...deployment, release: { version: "1.0.0", images } };
      const migration = migrationOf(released)?.compose ?? "";
      const told = [releaseOf(released).compose, migration].join("").match(/NODE_ENV: .*/g);
      expect(told).toEqual(["NODE_ENV: production", "NODE_ENV: production", "NODE_ENV: production"]);
      expect(migration).toContain(`ENVIRONMENT: ${stack}\n`);
      expect(migration).toContain(`image: ${digest("api")}\n`);
    },
  );
});
