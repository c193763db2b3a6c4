import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Deployment } from "../../../../model/stack/deployment.ts";
import { aaperture, deployment, service, settings } from "../aaperture.ts";
import { anyDeployment } from "../deployment-arbitrary.ts";
import { at, mapped, range, tcp } from "../port.ts";
import { entries, lines, portsOf, released } from "./published.ts";

/** A deployment with a shared service that calls the release. */
function called({ application, services, ...rest }: Deployment): Deployment {
  const all = { ...application.services, nginx: service("nginx") };
  return { ...rest, application: { ...application, services: all }, services: { ...services, nginx: settings() } };
}

describe("entry points of the proxy", () => {
  it("are one for each container port, one for each published port, and slipway's own", () => {
    expect(entries(aaperture())).toEqual([
      "default-calls-80 80 http web:80",
      "default-calls-8080 8080 http api:8080",
      "published-api-8080 9001 http api:8080",
      "published-web-80 9002 http web:80",
      "slipway 8099 http",
    ]);
  });

  it("of two release services with one port are one for each inside, and published ones avoid it", () => {
    const services = [service("web", { ports: [tcp(9001)] }), service("api", { ports: [tcp(9001)] })];
    const both = { web: { release: true }, api: { release: true } };
    const ports = { web: at(9001), api: { only: "none" } } as const;
    expect(entries(called(deployment(services, both, { ports })))).toEqual([
      "default-calls-api-9001 9001 http api:9001",
      "default-calls-web-9001 9001 http web:9001",
      "published-web-9001 9002 http web:9001",
      "slipway 8099 http",
    ]);
  });

  it("take requests for a service in a network of others from there alone, and from where else it is called", () => {
    const nowhere = { aliases: [], fields: {} };
    const inNetworks = (name: string, port: number, ...networks: readonly string[]) =>
      service(name, {
        exposed: [{ first: port, last: port }],
        networks: Object.fromEntries(networks.map((one) => [one, nowhere])),
      });
    const services = [inNetworks("tool", 1, "back", "side"), inNetworks("api", 8080, "back", "public")];
    const both = { api: { release: true }, web: { release: true } };
    const plain = deployment([...services, inNetworks("web", 9090, "side")], both);
    const networks = { back: {}, side: {}, public: { name: "the-public", external: true } };
    const { entryPoints } = portsOf({ ...plain, application: { ...plain.application, networks } });
    expect(entryPoints.map(({ name, network, clients }) => [name, network ?? clients])).toEqual([
      ["others-8080", ["the-public", `${plain.project}_back-calls`]],
      ["side-calls-9090", `${plain.project}_side-calls`],
      ["slipway", undefined],
    ]);
  });

  it("are slipway's alone for a service without a port", () => {
    expect(entries(deployment([service("worker")], { worker: { release: true } }))).toEqual(["slipway 8099 http"]);
  });

  it("pass on connections to ports that neither the stack nor the file calls HTTP", () => {
    const ports = [tcp(8080), tcp(22), { ...tcp(8081), speaks: "http" }];
    expect(entries(called(released(ports, mapped({ 8080: 8080, 22: 2222, 8081: "none" }), 8080)))).toEqual([
      "default-calls-22 22 tcp api:22",
      "default-calls-8080 8080 http api:8080",
      "default-calls-8081 8081 http api:8081",
      "published-api-22 9001 tcp api:22",
      "published-api-8080 9002 http api:8080",
      "slipway 8099 http",
    ]);
    expect(entries(called(released([tcp(22), tcp(23)], mapped({ 22: 22, 23: "none" }))))).toEqual([
      "default-calls-22 22 tcp api:22",
      "default-calls-23 23 tcp api:23",
      "published-api-22 9001 tcp api:22",
      "slipway 8099 http",
    ]);
  });

  it("answer inside for ports that a release service exposes or closes to the server", () => {
    const api = service("api", { ports: [tcp(80)], exposed: [{ first: 3000, last: 3001 }] });
    const asked = deployment([api], { api: { release: true } }, { ports: { api: { only: "none" } } });
    expect(entries(called(asked))).toEqual([
      "default-calls-80 80 http api:80",
      "default-calls-3000 3000 tcp api:3000",
      "default-calls-3001 3001 tcp api:3001",
      "slipway 8099 http",
    ]);
  });

  it("are one for each port of a range, which the proxy publishes as a range", () => {
    const asked = released([range(7000, 7002)], mapped({ "7000-7002": "0.0.0.0:8000-8002" }));
    expect(lines(asked)).toEqual(["0.0.0.0:8000-8002 api proxy 9001-9003"]);
    expect(entries(asked).filter((entry) => entry.startsWith("published"))).toEqual([
      "published-api-7000 9001 tcp api:7000",
      "published-api-7001 9002 tcp api:7001",
      "published-api-7002 9003 tcp api:7002",
    ]);
  });

  it("of a range go on behind a port that others call, so that the proxy publishes it in two parts", () => {
    const services = [service("api", { ports: [range(7000, 7002)] }), service("web", { ports: [tcp(9002)] })];
    const ports = { api: mapped({ "7000-7002": "0.0.0.0:8000-8002" }), web: { only: "none" } } as const;
    const asked = called(deployment(services, { api: { release: true }, web: { release: true } }, { ports }));
    expect(lines(asked)).toEqual(["0.0.0.0:8000 api proxy 9001", "0.0.0.0:8001-8002 api proxy 9003-9004"]);
  });

  it("have one meaning each at each address of the proxy, and one port leads to each service", () => {
    fc.assert(
      fc.property(anyDeployment, (any) => {
        const { entryPoints, published } = portsOf(any);
        const places = entryPoints.map(({ port, network = "" }) => `${network}:${port}`);
        expect(new Set(places).size).toBe(entryPoints.length);
        expect(new Set(entryPoints.map(({ name }) => name)).size).toBe(entryPoints.length);
        for (const { service, target } of published.filter(({ by }) => by === "proxy")) {
          expect(entryPoints.filter(({ port }) => port === target.first)).toEqual([
            expect.objectContaining({ backend: expect.objectContaining({ service }) as unknown }),
          ]);
        }
      }),
    );
  });
});
