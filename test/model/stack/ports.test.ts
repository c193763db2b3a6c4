import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ensurePortsAreKnown, type EntryPoint } from "../../../model/stack/ports.ts";
import { describeProblem } from "../../../model/problem.ts";
import { aaperture, deployment, service } from "./aaperture.ts";
import { anyDeployment } from "./deployment-arbitrary.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import type { PublishedPort } from "../../../model/stack/service.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { hostOf } from "./main-host.ts";

/** The ports of a deployment's stack. */
function portsOf(asked: Deployment): { published: readonly PublishedPort[]; entryPoints: readonly EntryPoint[] } {
  const { ports, parts } = hostOf(asked);
  return { published: ports, entryPoints: parts.release?.proxy.entryPoints ?? [] };
}

const local = "127.0.0.1";

function listening(name: string, ...targets: number[]) {
  return service(name, { ports: targets.map((target) => ({ target, protocol: "tcp" as const, variable: undefined })) });
}

describe("ports", () => {
  it("of shared services belong to their containers, those of release services to the proxy (A6)", () => {
    const { published } = portsOf(aaperture());
    expect(
      published.map(({ address, port, service, by, target }) => [`${address}:${port}`, service, by, target]),
    ).toEqual([
      ["127.0.0.1:13001", "grafana", "service", 3000],
      ["127.0.0.1:15432", "postgres", "service", 5432],
      ["127.0.0.1:18080", "api", "proxy", 9001],
      ["127.0.0.1:18081", "web", "proxy", 9002],
      ["127.0.0.1:19090", "prometheus", "service", 9090],
    ]);
  });

  it("in the proxy are one for each container port, one for each published service, and slipway's own", () => {
    expect(portsOf(aaperture()).entryPoints).toEqual([
      { name: "inside-80", port: 80, services: ["web"] },
      { name: "inside-8080", port: 8080, services: ["api"] },
      { name: "published-api", port: 9001, services: ["api"] },
      { name: "published-web", port: 9002, services: ["web"] },
      { name: "slipway", port: 8099, services: [] },
    ]);
  });

  it("of two release services share an entry point, and entry points of published services avoid them", () => {
    const services = [listening("web", 9001), listening("api", 9001), listening("docs", 9002)];
    const settings = { web: { release: true }, api: { release: true }, docs: { release: true } };
    const { entryPoints } = portsOf(
      deployment(services, settings, { hostPorts: { web: { address: local, port: 9001 } } }),
    );
    expect(entryPoints).toEqual([
      { name: "inside-9001", port: 9001, services: ["api", "web"] },
      { name: "inside-9002", port: 9002, services: ["docs"] },
      { name: "published-web", port: 9003, services: ["web"] },
      { name: "slipway", port: 8099, services: [] },
    ]);
  });

  it("are none for a service without a port", () => {
    expect(portsOf(deployment([service("worker")], { worker: { release: true } }))).toEqual({
      published: [],
      entryPoints: [{ name: "slipway", port: 8099, services: [] }],
    });
  });

  it("come from the stack if the compose file publishes several", () => {
    const services = [listening("api", 8080, 9229)];
    const hostPorts = { api: { address: local, port: 18080 } };
    const { entryPoints } = portsOf(deployment(services, { api: { release: true, port: 9229 } }, { hostPorts }));
    expect(entryPoints.map(({ name }) => name)).toEqual(["inside-9229", "published-api", "slipway"]);
  });

  it("keep their protocol", () => {
    const dns = service("dns", { ports: [{ target: 53, protocol: "udp", variable: undefined }] });
    const { published } = portsOf(deployment([dns], {}, { hostPorts: { dns: { address: local, port: 53 } } }));
    expect(published).toEqual([
      { address: local, port: 53, service: "dns", protocol: "udp", by: "service", target: 53 },
    ]);
  });

  it(
    "have one meaning each inside of the proxy, and each release service has one way from within and one from " +
      "without",
    () => {
      fc.assert(
        fc.property(anyDeployment, (any) => {
          const { entryPoints, published } = portsOf(any);
          expect(new Set(entryPoints.map(({ port }) => port)).size).toBe(entryPoints.length);
          expect(new Set(entryPoints.map(({ name }) => name)).size).toBe(entryPoints.length);
          for (const { service, target } of published.filter(({ by }) => by === "proxy")) {
            const ways = entryPoints.filter(({ services }) => services.includes(service));
            expect(ways).toHaveLength(2);
            expect(ways.filter(({ port }) => port === target)).toEqual([
              expect.objectContaining({ services: [service] }),
            ]);
          }
        }),
      );
    },
  );
});

describe("problems of ports", () => {
  const published = { hostPorts: { api: { address: local, port: 18080 } } };

  it("are none for aaperture", () => {
    expect(ensurePortsAreKnown(stackOf(aaperture()))).toEqual([]);
  });

  it.each([
    { found: "none", targets: [] },
    { found: "8080 and 9229", targets: [8080, 9229] },
  ])("rejects a host port with $found as container port", ({ found, targets }) => {
    expect(
      ensurePortsAreKnown(stackOf(deployment([listening("api", ...targets)], {}, published))).map(describeProblem),
    ).toEqual([
      "services.api.port: is missing, and the compose file does not name one container port for host port " +
        `18080, got '${found}'; say on which port the service listens in its container`,
    ]);
  });

  it("rejects a release service on slipway's own port, but not a shared one", () => {
    const services = [listening("api", 8099)];
    expect(ensurePortsAreKnown(stackOf(deployment(services)))).toEqual([]);
    expect(ensurePortsAreKnown(stackOf(deployment(services, { api: { release: true } }))).map(describeProblem)).toEqual(
      [
        "services.api.port: is where slipway's proxy answers for itself, got '8099'; " +
          "let the service listen on another port",
      ],
    );
  });

  it("rejects a release service with a UDP port", () => {
    const api = service("api", { ports: [{ target: 53, protocol: "udp", variable: undefined }] });
    expect(ensurePortsAreKnown(stackOf(deployment([api], { api: { release: true } }))).map(describeProblem)).toEqual([
      "services.api.port: is a port of UDP, which the proxy of a release service does not route, got '53'; " +
        "make it a shared service, without release: true",
    ]);
  });
});
