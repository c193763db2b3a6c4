import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

import { aaperture, deployment, digest, service } from "../stack/aaperture.ts";
import { anyRelease, fewRuns } from "../stack/deployment-arbitrary.ts";
import { proxyOf } from "./rendering.ts";
import { hostOf, releasePart } from "../stack/main-host.ts";
import { at, tcp } from "../stack/port.ts";

const form = z.object({
  entryPoints: z.record(z.string(), z.object({ address: z.string(), forwardedHeaders: z.unknown().optional() })),
});

function staticOf({ files }: ReturnType<typeof proxyOf>): string {
  return Buffer.from(files["traefik.yaml"]?.content ?? []).toString();
}

describe("the rendered proxy", () => {
  it("publishes the release services in a network of its own", () => {
    const { project, directory, compose } = proxyOf(aaperture());
    expect({ project, directory }).toEqual({
      project: "aaperture-staging-slipway-proxy",
      directory: "/var/www/aaperture-staging/slipway-proxy",
    });
    expect(compose).toBe(`name: aaperture-staging-slipway-proxy
networks:
  slipway-proxy:
    external: true
    name: aaperture-staging-slipway-proxy
services:
  slipway-proxy:
    container_name: aaperture-staging-slipway-proxy
    healthcheck:
      interval: 5s
      retries: 3
      test:
        - CMD-SHELL
        - wget -q -O /dev/null http://127.0.0.1:8099/ping 2>/dev/null || traefik healthcheck
      timeout: 5s
    image: ${digest("traefik", "f")}
    logging:
      driver: json-file
      options:
        max-file: "3"
        max-size: 10m
    mem_limit: 134217728
    networks:
      slipway-proxy:
        ipv4_address: <address in aaperture-staging-slipway-proxy>
    ports:
      - 127.0.0.1:18080:9001
      - 127.0.0.1:18081:9002
    pull_policy: never
    restart: unless-stopped
    volumes:
      - bind:
          create_host_path: false
        read_only: true
        source: /var/www/aaperture-staging/slipway-proxy/traefik.yaml
        target: /etc/traefik/traefik.yaml
        type: bind
      - bind:
          create_host_path: true
        read_only: true
        source: /var/www/aaperture-staging/slipway-proxy/dynamic
        target: /etc/traefik/dynamic
        type: bind
`);
  });

  it("has a static file with its ports, and nothing that a release changes", () => {
    const services = [service("api", { ports: [tcp(8080)] }), service("nginx")];
    expect(staticOf(proxyOf(deployment(services, { api: { release: true } })))).toBe(`accessLog:
  fields:
    defaultMode: drop
    headers:
      defaultMode: drop
    names:
      DownstreamStatus: keep
      OriginStatus: keep
      RouterName: keep
      StartUTC: keep
  filters:
    statusCodes:
      - 500-599
  format: json
entryPoints:
  default-calls-8080:
    address: <address in shop_default-calls>:8080
    forwardedHeaders:
      insecure: true
    transport:
      respondingTimeouts:
        readTimeout: 0s
  slipway:
    address: :8099
    forwardedHeaders:
      insecure: true
    transport:
      respondingTimeouts:
        readTimeout: 0s
global:
  checkNewVersion: false
  sendAnonymousUsage: false
log:
  level: INFO
ping:
  entryPoint: slipway
providers:
  file:
    directory: /etc/traefik/dynamic
    watch: true
  providersThrottleDuration: 100ms
serversTransport:
  forwardingTimeouts:
    idleConnTimeout: 2s
`);
  });

  it("has the same text for every release", () => {
    const [one, other] = ["1.0.0", "2.0.0"].map((version) =>
      proxyOf(aaperture({ release: { version, images: { api: digest("registry.test/api", version.slice(0, 1)) } } })),
    );
    expect(one).toEqual(other);
  });

  it("uses no variables, files or volumes of the stack", () => {
    expect(proxyOf(aaperture()).services).toEqual({
      "slipway-proxy": {
        image: digest("traefik", "f"),
        deadline: 60,
        variables: [],
        defaults: {},
        mounts: {},
        secrets: {},
        volumes: {},
      },
    });
  });

  it("publishes only published services, also on IPv6 addresses", () => {
    const services = [service("api", { ports: [tcp(8080)] })];
    const released = { api: { release: true } };
    expect(parse(proxyOf(deployment(services, released)).compose)).not.toHaveProperty([
      "services",
      "slipway-proxy",
      "ports",
    ]);
    const ports = { api: at(18080, "::1") };
    expect(parse(proxyOf(deployment(services, released, { ports })).compose)).toHaveProperty(
      ["services", "slipway-proxy", "ports"],
      ["[::1]:18080:9001"],
    );
  });

  it.each([
    ["127.0.0.1", true],
    ["::1", true],
    ["0.0.0.0", false],
    ["192.0.2.1", false],
    ["::", false],
  ])("trusts the forwarded headers of clients at %s: %s (SEC-C5)", (address, trusted) => {
    const services = ["api", "web", "nginx"].map((name) => service(name, { ports: [] }));
    const released = { api: { release: true, port: 8080 }, web: { release: true, port: 80 } };
    const ports = { api: at(18080, address), web: at(18081) };
    const { entryPoints } = form.parse(parse(staticOf(proxyOf(deployment(services, released, { ports })))));
    const trusting = Object.entries(entryPoints).flatMap(([name, { forwardedHeaders }]) =>
      forwardedHeaders === undefined ? [] : [name],
    );
    const always = ["default-calls-80", "default-calls-8080", "published-web-80", "slipway"];
    expect(trusting.sort()).toEqual([...always, ...(trusted ? ["published-api-8080"] : [])].sort());
  });

  it("has the names of release services in the networks of their callers, and comes to both colours", () => {
    const fixed = { aliases: ["api", "web"], fixed: true };
    expect(proxyOf(aaperture()).joins).toEqual({
      "slipway-proxy": {
        "aaperture-staging_default-blue": { aliases: [], fixed: false },
        "aaperture-staging_default-calls": fixed,
        "aaperture-staging_default-green": { aliases: [], fixed: false },
      },
    });
  });

  it("listens once on each port of each of its addresses", () => {
    fc.assert(
      fc.property(anyRelease, (any) => {
        const { entryPoints } = form.parse(parse(staticOf(proxyOf(any))));
        const addresses = Object.values(entryPoints).map(({ address }) => address);
        expect(new Set(addresses).size).toBe(addresses.length);
        expect(addresses.sort()).toEqual(
          releasePart(hostOf(any))
            .proxy.entryPoints.map(({ port, network }) =>
              network === undefined ? `:${port}` : `<address in ${network}>:${port}`,
            )
            .sort(),
        );
      }),
      fewRuns,
    );
  });
});
