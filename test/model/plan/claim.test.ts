import { describe, expect, it } from "vitest";
import type { Claim } from "../../../model/facts/claim.ts";
import { claimOf, hostNeeds } from "../../../model/plan/claim.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { aaperture, deployment, digest, migration, service } from "../stack/aaperture.ts";
import { hostOf } from "../stack/main-host.ts";
import { shop, site } from "../stack/small-applications.ts";
import { at } from "../stack/port.ts";

function claimed(deployment: Deployment): Claim {
  return claimOf(stackOf(deployment), hostOf(deployment));
}

describe("the claim of a stack on a server", () => {
  it("of one web service has its directory, projects, port and networks", () => {
    expect(claimed(site())).toEqual({
      stack: "site/production",
      directory: "/srv/site",
      project: "site",
      containers: { "site-web-blue": "web", "site-web-green": "web", "site-slipway-proxy": "slipway-proxy" },
      projects: { site: "shared", "site-slipway-proxy": "proxy", "site-blue": "blue", "site-green": "green" },
      ports: { "0.0.0.0:8080": "web" },
      volumes: {},
      networks: {
        "site_default-blue": "default-blue",
        "site_default-green": "default-green",
        "site-slipway-proxy": "slipway-proxy",
      },
      subnets: {},
      memory: expect.objectContaining({ parts: {}, reserve: 512 * 1024 ** 2 }) as unknown,
      protected: true,
    });
  });

  it("of several services has every port and volume, each with its service, and the migration's project", () => {
    const migrated = shop({ migrations: [migration({ image: digest("registry.test/migrate", "3") })] });
    expect(claimed(migrated)).toEqual({
      stack: "shop/staging",
      directory: "/srv/shop",
      project: "shop",
      containers: {
        ...{ "shop-database": "database", "shop-queue": "queue", "shop-relay": "relay", "shop-migrate": "migrate" },
        ...{ "shop-web-blue": "web", "shop-web-green": "web" },
        ...{ "shop-worker-blue": "worker", "shop-worker-green": "worker", "shop-slipway-proxy": "slipway-proxy" },
      },
      projects: {
        shop: "shared",
        "shop-slipway-proxy": "proxy",
        "shop-blue": "blue",
        "shop-green": "green",
        "shop-migration": "migration",
      },
      ports: { "127.0.0.1:5432": "database", "127.0.0.1:8000": "web" },
      volumes: { shop_rows: "database", shop_jobs: "queue" },
      networks: {
        shop_default: "default",
        "shop_default-blue": "default-blue",
        "shop_default-green": "default-green",
        "shop_default-calls": "default-calls",
        "shop-slipway-proxy": "slipway-proxy",
      },
      subnets: {},
      memory: expect.objectContaining({ parts: {}, reserve: 512 * 1024 ** 2 }) as unknown,
      protected: false,
    });
  });

  it("shares nothing with that of another environment with its own directory, project and ports (A5)", () => {
    const staging = claimed(aaperture());
    const production = claimed(
      aaperture({
        ...{ stack: "aaperture/production", directory: "/var/www/aaperture", project: "aaperture" },
        ports: { api: at(8080), postgres: at(5432) },
      }),
    );
    const names = ({ directory, project, projects, ports, volumes, networks }: Claim) => [
      ...[directory, project],
      ...[projects, ports, volumes, networks].flatMap((map) => Object.keys(map)),
    ];
    const taken = new Set(names(staging));
    expect(names(production)).toHaveLength(15);
    expect(names(production).filter((name) => taken.has(name))).toEqual([]);
  });
});

describe("everything that a stack needs of a server", () => {
  const mount = (source: string, options = {}) => {
    return { type: "volume", source, target: `/${source}`, readOnly: false, options } as const;
  };

  it("is for each volume whether others make it, and where it lies", () => {
    const asked = deployment([service("db", { mounts: ["bound", "old", "own", "share"].map((name) => mount(name)) })]);
    const volumes = {
      bound: { options: { type: "none", o: "bind", device: "/srv/x" } },
      old: { external: true, name: "old_data" },
      share: { options: { type: "nfs", device: ":/srv" } },
    };
    const given = { ...asked, application: { ...asked.application, volumes: { own: {}, ...volumes } } };
    const needed = hostNeeds(stackOf(given), hostOf(given)).volumes;
    expect(needed.map(({ volume, external, elsewhere, folder }) => [volume, external, elsewhere, folder])).toEqual([
      ["shop_bound", undefined, "local /srv/x", "/srv/x"],
      ["old_data", true, undefined, undefined],
      ["shop_own", undefined, undefined, undefined],
      ["shop_share", undefined, "local :/srv", undefined],
    ]);
  });

  it("is what not every engine does", () => {
    const part = { subpath: "a" };
    const services = [service("db", { mounts: [mount("rows")] }), service("web", { mounts: [mount("files", part)] })];
    const given = deployment(services);
    expect(hostNeeds(stackOf(given), hostOf(given))).toMatchObject({
      versions: [{ path: "compose.services.web.volumes", program: "Docker Engine", since: "26" }],
    });
  });
});
