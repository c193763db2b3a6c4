import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { describeProblem } from "../../../model/problem.ts";
import { printable } from "../../../model/printable.ts";
import { ensureVersionIsPlain, renderRoutes } from "../../../model/render/routes.ts";
import { aaperture, deployment, service } from "../stack/aaperture.ts";
import { anyRelease, fewRuns } from "../stack/deployment-arbitrary.ts";
import { routesOf } from "./rendering.ts";
import { hostOf, releasePart } from "../stack/main-host.ts";
import { tcp } from "../stack/port.ts";

const form = z.object({
  http: z.object({
    routers: z.record(
      z.string(),
      z.object({ entryPoints: z.array(z.string()), rule: z.string(), service: z.string() }),
    ),
    services: z.record(z.string(), z.unknown()).optional(),
  }),
});

function routersOf(routes: string) {
  return form.parse(parse(routes)).http.routers;
}

describe("the proxy's routes", () => {
  it("lead to one colour only and name release and generation", () => {
    expect(routesOf(aaperture())).toBe(`# colour: <colour>, release: 1.0.0, generation: <generation>
http:
  middlewares:
    release:
      headers:
        customResponseHeaders:
          X-Slipway-Release: 1.0.0
  routers:
    default-calls-80:
      entryPoints:
        - default-calls-80
      middlewares:
        - release
      rule: PathPrefix(\`/\`)
      service: web-80
    default-calls-8080:
      entryPoints:
        - default-calls-8080
      middlewares:
        - release
      rule: PathPrefix(\`/\`)
      service: api-8080
    generation:
      entryPoints:
        - slipway
      rule: Path(\`/slipway/<generation>\`)
      service: ping@internal
    published-api-8080:
      entryPoints:
        - published-api-8080
      middlewares:
        - release
      rule: PathPrefix(\`/\`)
      service: api-8080
    published-web-80:
      entryPoints:
        - published-web-80
      middlewares:
        - release
      rule: PathPrefix(\`/\`)
      service: web-80
  services:
    api-8080:
      loadBalancer:
        servers:
          - url: http://api-<colour>:8080
    web-80:
      loadBalancer:
        servers:
          - url: http://web-<colour>:80
`);
  });

  it("distinguish services with one container port by the network in which they are called", () => {
    const ports = [tcp(8080)];
    const services = [service("api", { ports }), service("admin", { ports }), service("nginx")];
    const routers = routersOf(routesOf(deployment(services, { api: { release: true }, admin: { release: true } })));
    expect(Object.entries(routers).map(([name, { rule, service }]) => [name, rule, service])).toEqual([
      ["default-calls-admin-8080", "PathPrefix(`/`)", "admin-8080"],
      ["default-calls-api-8080", "PathPrefix(`/`)", "api-8080"],
      ["generation", "Path(`/slipway/<generation>`)", "ping@internal"],
    ]);
  });

  it("use every entry point with services and no others", () => {
    fc.assert(
      fc.property(anyRelease, (any) => {
        const { entryPoints } = releasePart(hostOf(any)).proxy;
        const { http } = form.parse(parse(routesOf(any)));
        const ways = Object.values(http.routers).flatMap(
          ({ entryPoints, service }) => `${entryPoints.join()} ${service}`,
        );
        const expected = entryPoints.flatMap(({ name, backend }) =>
          backend === undefined ? [] : [`${name} ${backend.service}-${backend.port}`],
        );
        expect(ways.sort()).toEqual([...expected, "slipway ping@internal"].sort());
        const backends = new Set(Object.values(http.routers).map(({ service }) => service));
        expect(Object.keys(http.services ?? {}).sort()).toEqual(
          [...backends].filter((name) => name !== "ping@internal").sort(),
        );
      }),
      fewRuns,
    );
  });

  it("ask from which network a request comes, where others made that", () => {
    const clients = ["the-public", "shop_back-calls"];
    const backend = { service: "api", port: 8080 };
    const points = (["http", "tcp"] as const).map((speaks) => ({ name: speaks, port: 1, speaks, backend, clients }));
    const text = renderRoutes({ version: "1", entryPoints: points });
    const condition = "(<clients in the-public> || <clients in shop_back-calls>)";
    expect(text).toContain(`rule: PathPrefix(\`/\`) && ${condition}`);
    expect(text).toContain(`rule: HostSNI(\`*\`) && ${condition}`);
  });

  it("hold no map of services for a release without a port, which Traefik would refuse with all the rest", () => {
    const { http } = form.parse(parse(routesOf(deployment([service("worker")], { worker: { release: true } }))));
    expect(http.services).toBeUndefined();
    expect(Object.keys(http.routers)).toEqual(["generation"]);
  });

  it("add the version of the release to each answer, whatever it contains (F38)", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii", minLength: 1 }), (version) => {
        const routes = routesOf(aaperture({ release: { version, images: {} } }));
        expect(parse(routes)).toHaveProperty("http.middlewares.release.headers.customResponseHeaders", {
          "X-Slipway-Release": version,
        });
      }),
    );
  });
});

describe("problems of routes", () => {
  it("are none for a usual version", () => {
    expect(ensureVersionIsPlain(aaperture({ release: { version: "2026.11.3-a1b2c3d", images: {} } }))).toEqual([]);
    expect(ensureVersionIsPlain(aaperture({ release: undefined }))).toEqual([]);
  });

  it.each(["1.4.2", "5f3c1e9", "v1.0.0-rc.1+build", "feature/x", "1.0~rc1"])(
    "are none for the version %j",
    (version) => {
      expect(ensureVersionIsPlain(aaperture({ release: { version, images: {} } }))).toEqual([]);
    },
  );

  // Traefik ends a comment at each line break of YAML; an operator copies the version from the way back into a shell.
  it.each([
    "1{{2",
    "1<colour>2",
    "1\n2",
    "1\r2",
    "1\u00852",
    "1\u20282",
    "1\u20292",
    "\u001b[31m",
    "v$(id)",
    "1;id",
    "1 2",
  ])("rejects a version that would be more than a name for the proxy or a shell, such as %j", (version) =>
    expectRejected(version),
  );

  it.each(["..", "-rf", "__proto__", "x".repeat(129), "ä"])("rejects the version %j", (version) =>
    expectRejected(version),
  );
});

function expectRejected(version: string): void {
  const got = printable(JSON.stringify(version));
  expect(ensureVersionIsPlain(aaperture({ release: { version, images: {} } })).map(describeProblem)).toEqual([
    `release.version: is not a plain name, got ${got}; use at most 128 letters, digits and ._+~/:@-, and begin with ` +
      "a letter or a digit",
  ]);
}
