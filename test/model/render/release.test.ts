import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { aaperture, deployment, digest, service } from "../stack/aaperture.ts";
import { anyTwoParts, fewRuns } from "../stack/deployment-arbitrary.ts";
import { afterOf, releaseOf, proxyOf, routesOf, sharedOf } from "./rendering.ts";
import { hostOf, releasePart } from "../stack/main-host.ts";
import { at, tcp } from "../stack/port.ts";

describe("the rendered release", () => {
  it("is a project of its colour, in which alone each service has its plain name", () => {
    const { project, directory, compose, routes } = releaseOf(aaperture());
    expect({ project, directory }).toEqual({
      project: "aaperture-staging-<colour>",
      directory: "/var/www/aaperture-staging/<colour>",
    });
    expect(routes).toBe(routesOf(aaperture()));
    expect(compose).toBe(`name: aaperture-staging-<colour>
networks:
  default:
    external: true
    name: aaperture-staging_default
  default-<colour>:
    external: true
    name: aaperture-staging_default-<colour>
services:
  api-<colour>:
    container_name: aaperture-staging-api-<colour>
    env_file:
      - /var/www/aaperture-staging/<colour>/.env
    environment:
      NODE_ENV: production
    image: ${digest("registry.test/api", "1")}
    logging:
      driver: json-file
      options:
        max-file: "3"
        max-size: 10m
    networks:
      default: {}
      default-<colour>:
        aliases:
          - api
    pull_policy: never
    restart: unless-stopped
  web-<colour>:
    container_name: aaperture-staging-web-<colour>
    depends_on:
      api-<colour>:
        condition: service_started
    environment:
      DOMAIN: \${DOMAINNAME}
    image: ${digest("registry.test/web", "2")}
    logging:
      driver: json-file
      options:
        max-file: "3"
        max-size: 10m
    networks:
      default: {}
      default-<colour>:
        aliases:
          - web
    pull_policy: never
    restart: unless-stopped
volumes: {}
`);
  });

  it("has the port and path at which each service is probed", () => {
    const common = { volumes: {}, defaults: {}, mounts: {}, secrets: {}, memory: 0, opens: [] };
    expect(releaseOf(aaperture()).services).toEqual({
      api: {
        ...common,
        image: digest("registry.test/api", "1"),
        deadline: 30,
        variables: ["DOMAINNAME", "POSTGRES_DB", "POSTGRES_PASSWORD"],
        port: 8080,
        health: { path: "/health" },
      },
      web: {
        ...common,
        image: digest("registry.test/web", "2"),
        deadline: 60,
        variables: ["DOMAINNAME"],
        port: 80,
        health: { path: "/" },
      },
    });
    const worker = releaseOf(deployment([service("worker")], { worker: { release: true } })).services["worker"];
    expect(worker).toMatchObject({ port: undefined, health: undefined });
  });

  it("counts the memory of all replicas, which run beside those of the previous release (E12)", () => {
    const memory = 256 * 1024 ** 2;
    const api = service("api", { fields: { deploy: { replicas: 3 } } });
    const { services } = releaseOf(deployment([api], { api: { release: true, memory } }));
    expect(services["api"]?.memory).toBe(3 * memory);
  });

  it("names each way through the proxy to a service, with the network in which it is called", () => {
    const port = tcp(8080);
    const services = [service("api", { ports: [port] }), service("web", { ports: [port] }), service("nginx")];
    const settings = { api: { release: true }, web: { release: true } };
    const ports = { api: at(18080, "0.0.0.0") };
    const none = { speaks: "http", address: undefined, network: undefined };
    const calls = (name: string) => ({ ...none, network: `shop_default-calls-${name}`, service: name, port: 8080 });
    expect(releaseOf(deployment(services, settings, { ports })).entryPoints).toEqual({
      "default-calls-api-8080": calls("api"),
      "default-calls-web-8080": calls("web"),
      "published-api-8080": {
        ...{ ...none, service: "api", port: 18080, address: "0.0.0.0", network: "shop-slipway-proxy" },
      },
    });
  });

  it("has files of its own in each colour, and shares its volumes with the other one", () => {
    const files = [{ path: "nginx/nginx.conf", content: Buffer.from("x"), executable: false }];
    const web = service("web", {
      mounts: [
        { type: "file", source: "nginx", target: "/etc/nginx", readOnly: true, files },
        { type: "volume", source: "uploads", target: "/uploads", readOnly: false },
      ],
    });
    const rendered = releaseOf(deployment([web], { web: { release: true } }));
    const compose: unknown = parse(rendered.compose);
    expect(compose).toHaveProperty(["services", "web-<colour>", "volumes", 0, "source"], "/srv/shop/<colour>/nginx");
    expect(compose).toHaveProperty("volumes", { uploads: { external: true, name: "shop_uploads" } });
    expect(rendered.files).toEqual({ "nginx/nginx.conf": { mode: "0644", content: Buffer.from("x") } });
    expect(rendered.services["web"]?.mounts).toEqual({ "/etc/nginx": "nginx" });
  });
});

const network = z.object({ aliases: z.array(z.string()).default([]) });
const form = z.object({
  services: z.record(
    z.string(),
    z.object({
      networks: z.record(z.string(), network),
      ports: z.array(z.string()).default([]),
      depends_on: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
  networks: z.record(z.string(), z.unknown()),
});

function projectsOf(any: Deployment) {
  const nothing = { compose: "{ services: {}, networks: {} }" };
  const read = ({ compose }: { compose: string } = nothing) => form.parse(parse(compose));
  return {
    shared: read(sharedOf(any)),
    after: read(afterOf(any)),
    proxy: read(proxyOf(any)),
    release: read(releaseOf(any)),
  };
}

/** Every name on a network of the stack; Compose adds the name of the service. */
function namesOn(name: string, { services }: z.infer<typeof form>): string[] {
  return Object.entries(services).flatMap(([service, { networks }]) => {
    const joined = networks[name];
    return joined === undefined ? [] : [service, ...joined.aliases];
  });
}

describe("networks of any stack", () => {
  it("never hold the plain name of a release service if both colours are on them", () => {
    fc.assert(
      fc.property(anyTwoParts, (any) => {
        const released = releasePart(hostOf(any)).services.map(({ name }) => name);
        const { shared, after, proxy, release } = projectsOf(any);
        const inBoth = [shared, after, proxy, release].flatMap((project) => namesOn("default", project));
        expect(inBoth.filter((name) => released.includes(name))).toEqual([]);
        expect(new Set(inBoth).size).toBe(inBoth.length);
        expect(
          namesOn("default-<colour>", release)
            .filter((name) => released.includes(name))
            .sort(),
        ).toEqual(released);
      }),
      fewRuns,
    );
  });

  it("are declared in each file that uses them, as is every service that another one waits for (F42)", () => {
    fc.assert(
      fc.property(anyTwoParts, (any) => {
        for (const { services, networks } of Object.values(projectsOf(any))) {
          for (const service of Object.values(services)) {
            expect(Object.keys(networks)).toEqual(expect.arrayContaining(Object.keys(service.networks)));
            expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(service.depends_on)));
          }
        }
      }),
      fewRuns,
    );
  });

  it("publish each host port once and never from a colour", () => {
    fc.assert(
      fc.property(anyTwoParts, (any) => {
        const { shared, after, proxy, release } = projectsOf(any);
        const portsIn = ({ services }: z.infer<typeof form>) => Object.values(services).flatMap(({ ports }) => ports);
        const ports = [shared, after, proxy].flatMap(portsIn).map((entry) => Number(entry.split(":")[1]));
        const said = Object.values(any.ports).flatMap((own) => ("only" in own && own.only !== "none" ? own.only : []));
        expect(ports.sort()).toEqual(said.map(({ first }) => first).sort());
        expect(portsIn(release)).toEqual([]);
      }),
      fewRuns,
    );
  });
});
