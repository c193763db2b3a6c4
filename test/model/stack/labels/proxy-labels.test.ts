import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { describeProblem } from "../../../../model/problem.ts";
import { labelEntryPoints } from "../../../../model/stack/labels/entry-points.ts";
import { ensureLabelsCanMove } from "../../../../model/stack/labels/proxy-labels.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import type { Deployment } from "../../../../model/stack/deployment.ts";
import { proxyOf, releaseOf } from "../../render/rendering.ts";
import { deployment, service } from "../aaperture.ts";

type Labels = Readonly<Record<string, string>>;

/** A stack of release services with a port and labels each. */
function stackWith(
  services: Readonly<Record<string, readonly [port: number | undefined, labels?: Labels]>>,
): Deployment {
  const all = Object.entries(services);
  return deployment(
    all.map(([name, [, teamLabels]]) => service(name, teamLabels === undefined ? {} : { teamLabels })),
    Object.fromEntries(all.map(([name, [port]]) => [name, { release: true, ...(port !== undefined && { port }) }])),
  );
}

/** The labels of the proxy, and the addresses of its entry points. */
function proxyWith(stack: Deployment): { labels: unknown; entryPoints: Record<string, string> } {
  const { compose, files } = proxyOf(stack);
  const { services } = parse(compose) as { services: Record<string, { labels?: unknown }> };
  const { entryPoints } = parse(Buffer.from(files["traefik.yaml"]?.content ?? []).toString()) as {
    entryPoints: Record<string, { address: string }>;
  };
  const addresses = Object.entries(entryPoints).map(([name, { address }]) => [name, address] as const);
  return { labels: services["slipway-proxy"]?.labels, entryPoints: Object.fromEntries(addresses) };
}

function colourLabels(stack: Deployment): unknown[] {
  const { services } = parse(releaseOf(stack).compose) as { services: Record<string, { labels?: unknown }> };
  return Object.values(services).map(({ labels }) => labels);
}

const api: Labels = {
  "traefik.enable": "true",
  "traefik.http.routers.api.rule": "Host(`api.test`)",
  "traefik.http.routers.api.tls.certresolver": "le",
  "traefik.http.routers.api.middlewares": "gzip",
  "traefik.http.middlewares.gzip.compress": "true",
  "traefik.http.services.backend.loadbalancer.server.port": "8080",
};

describe("labels of release services for a team's own Traefik", () => {
  it("are on the proxy, whose port leads to that service whatever name a request is for", () => {
    const stack = stackWith({ api: [8080, api], web: [8080, { "traefik.http.routers.web.rule": "Host(`web.test`)" }] });
    expect(proxyWith(stack)).toEqual({
      labels: {
        ...api,
        "traefik.docker.network": "shop-slipway-proxy",
        "traefik.http.routers.api.service": "backend",
        "traefik.http.services.backend.loadbalancer.server.port": "9801",
        "traefik.http.routers.web.rule": "Host(`web.test`)",
        "traefik.http.routers.web.service": "shop-web",
        "traefik.http.services.shop-web.loadbalancer.server.port": "9802",
      },
      entryPoints: {
        "labels-api": "<address in shop-slipway-proxy>:9801",
        "labels-web": "<address in shop-slipway-proxy>:9802",
        slipway: ":8099",
      },
    });
    const { http } = parse(releaseOf(stack).routes) as { http: { routers: Record<string, { rule: string }> } };
    expect(http.routers["labels-api"]?.rule).toBe("PathPrefix(`/`)");
  });

  it("are on no colour, which Traefik must not look at", () => {
    const stack = stackWith({ api: [8080, api], worker: [undefined] });
    expect(colourLabels(stack)).toEqual([{ "traefik.enable": "false" }, { "traefik.enable": "false" }]);
    expect(colourLabels(stackWith({ api: [8080] }))).toEqual([undefined]);
  });

  it("tell the port of a service for which nothing else does", () => {
    const { services } = stackOf(stackWith({ api: [undefined, api] }));
    expect(services[0]?.port).toBe(8080);
  });

  it("leave out those of a service that Traefik must not look at, and hide a proxy with nothing else", () => {
    const off = { "traefik.enable": "false", "traefik.http.routers.old.rule": "Host(`old.test`)" };
    expect(proxyWith(stackWith({ api: [8080, api], old: [80, off] })).labels).not.toHaveProperty([
      "traefik.http.routers.old.rule",
    ]);
    expect(proxyWith(stackWith({ old: [80, off] })).labels).toEqual({ "traefik.enable": "false" });
    const capitals = { "Traefik.Enable": "false", "traefik.http.routers.old.rule": "Host(`old.test`)" };
    expect(proxyWith(stackWith({ old: [80, capitals] })).labels).toEqual({ "traefik.enable": "false" });
  });

  it("keep the choice of a router among several services, and the capitals of names", () => {
    const labels = {
      "traefik.http.routers.A.Rule": "Host(`a`)",
      "traefik.http.routers.A.service": "B",
      "traefik.http.services.B.LoadBalancer.Server.Port": "80",
      "traefik.http.services.B.loadbalancer.healthCheck.port": "80",
    };
    expect(proxyWith(stackWith({ web: [80, labels] })).labels).toEqual({
      ...labels,
      "traefik.http.services.B.LoadBalancer.Server.Port": "9801",
      "traefik.http.services.B.loadbalancer.healthCheck.port": "9801",
      "traefik.docker.network": "shop-slipway-proxy",
    });
    const open = {
      "traefik.http.routers.a.rule": "Host(`a`)",
      "traefik.http.services.b.loadbalancer.server.port": "80",
      "traefik.http.services.c.loadbalancer.server.port": "80",
    };
    // Traefik itself refuses a router that does not say which of several services it is for.
    expect(proxyWith(stackWith({ web: [80, open] })).labels).not.toHaveProperty(["traefik.http.routers.a.service"]);
  });

  it("lead to a port that the proxy has for nothing else", () => {
    const routed = [{ name: "web", port: 80, labels: api, compose: service("web") }];
    expect(labelEntryPoints(routed, new Set([9801, 9803]), undefined).map(({ port }) => port)).toEqual([9802]);
  });
});

const faults: readonly (readonly [labels: Labels, what: string, todo: string])[] = [
  [
    { "traefik.tcp.routers.a.rule": "HostSNI(`*`)" },
    "are for connections without HTTP, got 'traefik.tcp.routers.a.rule'",
    "make it a shared service, without services.api.release",
  ],
  [
    { "traefik.frontend.rule": "Host:a" },
    "are for Traefik 1, got 'traefik.frontend.rule'",
    "make it a shared service, without services.api.release",
  ],
  [
    { ...api, "traefik.http.services.backend.loadbalancer.server.scheme": "https" },
    "ask for https, and slipway's proxy speaks HTTP to release services, got " +
      "'traefik.http.services.backend.loadbalancer.server.scheme'",
    "make it a shared service, without services.api.release",
  ],
  [
    { ...api, "traefik.http.services.backend.loadbalancer.server.scheme": "h2c" },
    "ask for h2c, and slipway's proxy speaks HTTP to release services, got " +
      "'traefik.http.services.backend.loadbalancer.server.scheme'",
    "make it a shared service, without services.api.release",
  ],
  [
    { ...api, "traefik.http.services.backend.loadbalancer.server.port": "9000" },
    "lead to port 9000, and the service answers at 8080, got " +
      "'traefik.http.services.backend.loadbalancer.server.port'",
    "name that port in services.api.port, or make it a shared service, without services.api.release",
  ],
  [
    { "traefik.enable": "true" },
    "have no rule for it, so Traefik would make one of the name of a container",
    "write one, such as `traefik.http.routers.api.rule=Host(…)`",
  ],
  [
    { "traefik.http.routers.x.entrypoints": "web" },
    "have no rule for the router 'x', so Traefik would make one of the name of a container",
    "write one, such as `traefik.http.routers.api.rule=Host(…)`",
  ],
];

it("labels of a service in the network of another one lead to the address of that one", () => {
  const { application, ...others } = stackWith({ api: [8080, api], vpn: [undefined] });
  const networkMode = { kind: "service", service: "vpn" } as const;
  const carried = service("api", { teamLabels: api, networkMode, networks: {} });
  const services = { ...application.services, api: carried };
  const { routes } = releaseOf({ ...others, application: { ...application, services } });
  expect(routes).toContain("url: http://vpn-<colour>:8080");
  expect(routes).not.toContain("http://api-<colour>");
});

describe("labels that the proxy cannot take over", () => {
  const problemsOf = (stack: Deployment): string[] => ensureLabelsCanMove(stackOf(stack)).map(describeProblem);

  it.each(faults)("rejects %j", (labels, what, todo) => {
    expect(problemsOf(stackWith({ api: [8080, labels] }))).toEqual([`compose.services.api.labels: ${what}; ${todo}`]);
  });

  it("rejects a service whose port nobody says", () => {
    const labels = { "traefik.http.routers.api.rule": "Host(`a`)" };
    expect(problemsOf(stackWith({ api: [undefined, labels] }))).toEqual([
      "compose.services.api.labels: do not say on which port it listens; set services.api.port",
    ]);
  });

  it("rejects two meanings of one name, and takes one meaning twice", () => {
    const web = {
      "traefik.enable": "true",
      "traefik.http.routers.web.rule": "Host(`web`)",
      "traefik.http.middlewares.gzip.compress": "true",
    };
    expect(problemsOf(stackWith({ api: [8080, api], web: [80, web] }))).toEqual([]);
    const other = { ...web, "traefik.http.middlewares.GZIP.compress": "false" };
    expect(problemsOf(stackWith({ api: [8080, api], web: [80, other] }))).toEqual([
      "compose.services.web.labels: sets 'traefik.http.middlewares.GZIP.compress' to another value than 'api', and " +
        "slipway's proxy carries both, got 'false'; give it a name of its own in one of them",
    ]);
  });

  it("rejects one name for the ports of two services, since each has another port of the proxy", () => {
    expect(problemsOf(stackWith({ api: [8080, api], web: [8080, api] }))).toEqual([
      "compose.services.web.labels: sets 'traefik.http.services.backend.loadbalancer.server.port' as 'api' does, and " +
        "slipway's proxy carries both, got '8080'; give it a name of its own in one of them",
    ]);
  });

  it("takes labels that define middlewares alone", () => {
    expect(problemsOf(stackWith({ worker: [undefined, { "traefik.http.middlewares.a.compress": "true" }] }))).toEqual(
      [],
    );
  });
});
