import { describe, expect, it } from "vitest";
import type { Service } from "../../../../model/compose/application.ts";
import { describeProblem } from "../../../../model/problem.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { ensureLabelsCanMove } from "../../../../model/stack/labels/proxy-labels.ts";
import { deployment, service } from "../aaperture.ts";
import { releasePart, hostOf } from "../main-host.ts";

const here = { aliases: [], fields: {} };
const label = "traefik.docker.network";

function labelled(name: string, networks: readonly string[], network?: string): Service {
  const teamLabels = { [`traefik.http.routers.${name}.rule`]: "Host(`a`)", ...(network && { [label]: network }) };
  return service(name, { teamLabels, networks: Object.fromEntries(networks.map((one) => [one, here])) });
}

/** A stack of these release services beside a shared Traefik, with an external network `public`. */
function given(released: readonly Service[], traefik: readonly string[] = []) {
  const shared = service("traefik", { networks: Object.fromEntries(traefik.map((one) => [one, here])) });
  const settings = Object.fromEntries(released.map(({ name }) => [name, { release: true as const, port: 8080 }]));
  const plain = deployment([...(traefik.length > 0 ? [shared] : []), ...released], settings, { project: "shop" });
  const networks = { public: { name: "the-public", external: true } };
  return { ...plain, application: { ...plain.application, networks } };
}

/** The label of the proxy, and by entry point the network at whose address it listens, or from which it is asked. */
function found(...asked: Parameters<typeof given>) {
  const { labels, entryPoints } = releasePart(hostOf(given(...asked))).proxy;
  const points = entryPoints.filter(({ name }) => name.startsWith("labels-"));
  return [
    labels[label],
    Object.fromEntries(points.map(({ name, network, clients }) => [name, network ?? clients ?? "all"])),
  ];
}

describe("the network in which a team's own Traefik comes to the proxy", () => {
  it("is that in which it calls release services, where nothing else gets to them by its entry points", () => {
    expect(found([labelled("api", ["front"])], ["front"])).toEqual([
      "shop_front-calls",
      { "labels-api": "shop_front-calls" },
    ]);
  });

  it("is one for several services, also where each has a network for calls of its own", () => {
    expect(found([labelled("api", ["front"]), labelled("web", ["front", "back"])], ["front", "back"])).toEqual([
      "shop_front-calls-api",
      { "labels-api": "shop_front-calls-api", "labels-web": "shop_front-calls-api" },
    ]);
  });

  it("is the one that the file names, under its name on the server", () => {
    expect(found([labelled("api", ["back", "front"], "shop_front")], ["back", "front"])[0]).toBe("shop_front-calls");
    expect(found([labelled("api", ["back", "front"], "shop_back")], ["back", "front"])[0]).toBe("shop_back-calls");
  });

  it("is a network of others before one of the stack, since their Traefik is in it", () => {
    expect(found([labelled("api", ["back", "public"])], ["back"])).toEqual([
      "the-public",
      { "labels-api": ["the-public"] },
    ]);
    expect(found([labelled("api", ["back", "public"], "shop_back")], ["back"])[0]).toBe("shop_back-calls");
  });

  it("is the proxy's own where nobody in the stack calls the services", () => {
    expect(found([labelled("api", ["front"])])).toEqual(["shop-slipway-proxy", { "labels-api": "shop-slipway-proxy" }]);
  });

  it("is not said where the services have none in common", () => {
    expect(found([labelled("api", ["front"]), labelled("web", ["back"])], ["front", "back"])).toEqual([
      undefined,
      { "labels-api": "all", "labels-web": "all" },
    ]);
  });

  it("rejects two that labels name, since the proxy has one label for it", () => {
    const two = given([labelled("api", ["front"], "shop_front"), labelled("web", ["back"], "shop_back")]);
    expect(ensureLabelsCanMove(stackOf(two)).map(describeProblem)).toEqual([
      "compose.services.web.labels: names the network 'shop_back' for Traefik and 'api' names 'shop_front'; " +
        "name one network in both, which both services join; slipway's proxy has a label for one",
    ]);
  });
});
