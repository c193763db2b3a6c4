import { describe, expect, it, test } from "vitest";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import type { StackService } from "../../../model/stack/service.ts";
import { deployment, digest, migration, service, settings } from "./aaperture.ts";
import { hostOf, releasePart, sharedPart } from "./main-host.ts";
import { shop, site } from "./small-applications.ts";
import { tcp, udp } from "./port.ts";

/** One service of a stack. */
function serviceOf(given: Deployment, name: string): StackService {
  const found = stackOf(given).services.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no service ${name}`);
  return found;
}

const proxy = { image: digest("traefik:v3.6", "f"), memory: undefined };
const migrated = shop({ migrations: [migration({ image: digest("registry.test/migrate", "3") })] });

describe("a stack of one web service", () => {
  const web = {
    name: "web",
    part: "release",
    compose: site().application.services["web"],
    settings: settings({ release: true, health: { path: "/" } }),
    imageFrom: "release",
    image: digest("registry.test/site", "1"),
    references: [digest("registry.test/site", "1")],
    port: 80,
    ...{ mounts: [], borrowed: [] },
    secrets: [],
    postgres: undefined,
    envFiles: [],
    variables: [],
    defaults: {},
    ...{ starts: "release", job: undefined },
    afterSwitch: false,
    restart: "unless-stopped",
    container: "site-web-<colour>",
    published: [
      {
        ...{ address: "0.0.0.0", first: 8080, last: 8080, protocol: "tcp", service: "web", by: "proxy" },
        ...{ container: { first: 80, last: 80 }, target: { first: 9001, last: 9001 } },
      },
    ],
    volumes: [],
    attachments: [{ key: "default-<colour>", name: "site_default-<colour>", fields: { aliases: ["web"] } }],
    joins: {},
  };

  it("has every fact of that service", () => {
    expect(stackOf(site()).services).toEqual([web]);
  });

  it("has a host without a shared part, the release behind the proxy, and no migration (F141)", () => {
    const entryPoints = [
      {
        ...{ name: "published-web-80", port: 9001, speaks: "http", backend: { service: "web", port: 80 } },
        network: "site-slipway-proxy",
      },
      { name: "slipway", port: 8099, speaks: "http" },
    ];
    const made = { settings: {}, ranges: [], prefix: 26, internal: false };
    const own = { ...made, key: "slipway-proxy", name: "site-slipway-proxy", kind: "proxy" };
    const colours = ["blue", "green"].map((colour) => {
      return { ...made, key: `default-${colour}`, name: `site_default-${colour}`, kind: "colour" };
    });
    const joins = Object.fromEntries(colours.map(({ name }) => [name, { aliases: [], fixed: false }]));
    expect(hostOf(site())).toEqual({
      ...site().hosts["main"],
      name: "main",
      services: [web],
      parts: {
        before: undefined,
        release: {
          ...{ project: "site-<colour>", directory: "/srv/site/<colour>", services: [web] },
          proxy: {
            ...{ project: "site-slipway-proxy", directory: "/srv/site/slipway-proxy", ...proxy },
            ...{ entryPoints, published: web.published, networks: { own, joins }, labels: {} },
          },
          migrations: [],
        },
        after: undefined,
      },
      volumes: [],
      projects: { site: "shared", "site-slipway-proxy": "proxy", "site-blue": "blue", "site-green": "green" },
      networks: [...colours, own],
      range: "10.213.0.0/16",
      ports: web.published,
    });
  });

  it("has a host without a release, its proxy and its colours (F141)", () => {
    const { parts, projects, networks } = hostOf(deployment([service("gitea")], {}, { project: "git" }));
    expect([parts.release, parts.before?.services.map(({ name }) => name)]).toEqual([undefined, ["gitea"]]);
    expect(projects).toEqual({ git: "shared" });
    expect(networks.map(({ name, kind }) => [name, kind])).toEqual([["git_default", "file"]]);
  });

  it("keeps what the deployment says of the stack as a whole", () => {
    const adopt = { done: false, data: { rows: "machine-1" } };
    const given = site({ adopt, registries: {}, variables: { A: "f1" } });
    const { services, hosts, ...rest } = stackOf(given);
    expect([services.length, Object.keys(hosts)]).toEqual([1, ["main"]]);
    expect(rest).toEqual({
      ...{ name: "site/production", environment: "production", directory: "/srv/site", project: "site" },
      ...{ release: given.release, proxy, ports: given.ports, protected: true, policy: given.policy },
      ...{
        networks: given.networks,
        registries: {},
        locked: [],
        adopt,
        volumes: {},
        variables: { A: "f1" },
        rollout: given.rollout,
        keep: { releases: 5 },
        memory: given.memory,
        lease: 300,
        notes: [
          "web: is published by the proxy, not by itself",
          "web: restart is unless-stopped, since the compose file says nothing",
        ],
      },
    });
  });
});

describe("the services of a stack", () => {
  it("are in the order of the compose file, and the migration is the last one", () => {
    expect(stackOf(migrated).services.map(({ name, part }) => [name, part])).toEqual([
      ["worker", "release"],
      ["web", "release"],
      ["queue", "shared"],
      ["database", "shared"],
      ["relay", "shared"],
      ["migrate", "migration"],
    ]);
  });

  it("are sorted by name in the part of each, and the migration has a part and a project of its own", () => {
    const host = hostOf(migrated);
    const names = ({ services }: { readonly services: readonly StackService[] }) => services.map(({ name }) => name);
    expect([names(sharedPart(host)), names(releasePart(host))]).toEqual([
      ["database", "queue", "relay"],
      ["web", "worker"],
    ]);
    expect(releasePart(host).migrations[0]).toEqual({
      project: "shop-migration",
      directory: "/srv/shop/migration",
      service: serviceOf(migrated, "migrate"),
      deadline: 600,
    });
    expect(host.projects).toEqual({
      shop: "shared",
      "shop-slipway-proxy": "proxy",
      "shop-blue": "blue",
      "shop-green": "green",
      "shop-migration": "migration",
    });
  });

  it("are only those that the stack has settings for", () => {
    const { web, worker } = shop().services;
    if (web === undefined || worker === undefined) throw new Error("the shop lost a service");
    expect(stackOf(shop({ services: { web, worker } })).services.map(({ name }) => name)).toEqual(["worker", "web"]);
  });
});

describe("a service of a stack", () => {
  it("has neither mounts, secrets, variables nor volumes of the targets that the stack drops", () => {
    const { services } = shop();
    const drop = ["/run/secrets/password", "/var/lib/postgresql"];
    const given = shop({ services: { ...services, database: settings({ drop }) } });
    const { mounts, secrets, variables, volumes } = serviceOf(given, "database");
    expect({ mounts, secrets, variables, volumes }).toEqual({ mounts: [], secrets: [], variables: [], volumes: [] });
    expect(hostOf(given).volumes.map(({ name }) => name)).toEqual(["jobs"]);
  });

  test.each([
    { what: "the only one that it publishes", targets: [80], chosen: undefined, port: 80 },
    { what: "the one that the stack chooses", targets: [80, 9000], chosen: 9000, port: 9000 },
    { what: "unknown if it publishes several", targets: [80, 9000], chosen: undefined, port: undefined },
    { what: "unknown if it publishes none", targets: [], chosen: undefined, port: undefined },
  ])("has a port, which is $what", ({ targets, chosen, port }) => {
    const ports = targets.map((target) => tcp(target));
    expect(serviceOf(deployment([service("web", { ports })], { web: { port: chosen } }), "web").port).toBe(port);
  });

  it("has the only port of TCP as the one at which it answers requests, whatever it publishes of UDP", () => {
    const dns = service("dns", { ports: [udp(53), tcp(80)] });
    expect(serviceOf(deployment([dns]), "dns").port).toBe(80);
  });

  it("has the variables that it mentions and those of its secrets, or all of the env file, sorted", () => {
    expect(serviceOf(shop(), "web").variables).toEqual(["SITE_NAME"]);
    expect(serviceOf(shop(), "database").variables).toEqual(["DB_PASSWORD"]);
    expect(serviceOf(shop(), "worker").variables).toEqual(["DB_PASSWORD", "SITE_NAME"]);
    expect(serviceOf(shop(), "queue").variables).toEqual([]);
  });

  it("has its cluster if it runs Postgres, and the volumes that it mounts", () => {
    const { postgres, volumes } = serviceOf(shop(), "database");
    expect(postgres).toEqual({ path: "/var/lib/postgresql/18/docker", major: 18 });
    expect(volumes).toEqual([
      {
        ...{ name: "rows", volume: "shop_rows", service: "database" },
        ...{ data: "postgres", cluster: "18/docker", major: "18" },
      },
    ]);
    expect(serviceOf(shop(), "queue").postgres).toBeUndefined();
  });
});

describe("a job", () => {
  const jobOf = (also: Parameters<typeof service>[1], own: Parameters<typeof settings>[0] = {}) =>
    serviceOf(deployment([service("seed", also)], { seed: own }), "seed").job;

  it.each<[Parameters<typeof service>[1], Parameters<typeof settings>[0], string | undefined]>([
    [{ restart: "no" }, {}, "may end"],
    [{ restart: "no", ports: [tcp(80)] }, {}, undefined],
    [{ fields: { deploy: { restart_policy: { condition: "none" } } } }, {}, "may end"],
    [{ restart: "no", fields: { deploy: { restart_policy: { condition: "any" } } } }, {}, undefined],
    [{ restart: "on-failure" }, {}, undefined],
    [{}, {}, undefined],
    [{}, { job: true }, "ends"],
    [{ restart: "no" }, { job: false }, undefined],
  ])("is told by the file %j and by the stack %j: %s", (also, own, expected) => {
    expect(jobOf(also, own)).toBe(expected);
  });
});
