import { describe, expect, it } from "vitest";
import { ensureNetworksAreFree, ensureNetworksCanBe } from "../../../../model/facts/network/subnets.ts";
import { describeProblem } from "../../../../model/problem.ts";
import { observed } from "../observed.ts";

const claim = {
  ...{ stack: "shop/staging", directory: "/srv/shop", project: "shop", projects: {}, ports: {}, volumes: {} },
  networks: { shop_back: "back" },
  subnets: { "172.20.0.0/24": "back" },
  containers: {},
  memory: { parts: {}, reserve: 0 },
  protected: false,
};

const other = {
  ...{ stack: "shop/other", directory: "/srv/other", real: "/srv/other", readable: true },
  ...{ projects: [], ports: [], volumes: [], networks: [], containers: [] },
};

const todo = "set it to a subnet that nothing on this server uses; fixed addresses keep their places in it";

function free(also: Parameters<typeof observed>[0]): string[] {
  return ensureNetworksAreFree(claim, observed(also)).map(describeProblem);
}

describe("the networks of a stack on a server", () => {
  it("may have what the stack itself has there", () => {
    const own = { name: "shop_back", stack: "shop/staging", subnets: ["172.20.0.0/24"], project: "", guests: [] };
    expect(free({ networks: [own], routes: [{ subnet: "172.20.0.0/24", device: "br-1" }] })).toEqual([]);
  });

  it.each([
    [
      "the subnet of another stack, chosen or named (A5)",
      { claims: [{ ...other, subnets: ["172.20.0.128/26"] }] },
      "overlaps '172.20.0.128/26' of stack 'shop/other' on this server",
    ],
    [
      "the subnet of a network of somebody else",
      { networks: [{ name: "mine", stack: "", subnets: ["172.20.0.0/16"], project: "", guests: [] }] },
      "overlaps '172.20.0.0/16' of Docker's network 'mine'",
    ],
    [
      "addresses to which the server has a way",
      { routes: [{ subnet: "172.16.0.0/12", device: "wg0" }] },
      "overlaps '172.16.0.0/12' to which the server has a route by 'wg0'",
    ],
  ])("rejects %s, with its owner", (_, found, what) => {
    expect(free(found)).toEqual([`networks.back.subnet: ${what}, got '172.20.0.0/24'; ${todo}`]);
  });

  it.each([
    ["an unaligned text of IPv4", "10.20.0.1/16", "10.20.99.0/24"],
    ["a part of IPv6", "fd00:1::/32", "FD00:1:0:5::9/64"],
  ])("rejects %s that overlaps (SEC-D3)", (_, subnet, theirs) => {
    const found = observed({ claims: [{ ...other, subnets: [theirs] }] });
    expect(ensureNetworksAreFree({ ...claim, subnets: { [subnet]: "back" } }, found).map(({ what }) => what)).toEqual([
      `overlaps '${theirs}' of stack 'shop/other' on this server, got '${subnet}'`,
    ]);
    expect(ensureNetworksAreFree({ ...claim, subnets: { "fd00:2::/32": "back" } }, found)).toEqual([]);
  });

  it.each<[string, string, object, string[]]>([
    [
      "rejects the subnet of a network that the stack no longer names",
      "shop_old",
      {},
      ["of the stack's own network 'shop_old', which stays until no container is in it"],
    ],
    [
      "rejects the subnet that the server chose for another one",
      "shop_front",
      {},
      ["of the stack's own network 'shop_front'"],
    ],
    ["may have the subnet of another one that gets a new one", "shop_front", { "172.21.0.0/24": "front" }, []],
  ])("%s", (_, name, subnets, by) => {
    const own = { name, stack: "shop/staging", subnets: ["172.20.0.0/26"], project: "", guests: [] };
    const both = {
      ...claim,
      networks: { ...claim.networks, shop_front: "front" },
      subnets: { ...claim.subnets, ...subnets },
    };
    expect(ensureNetworksAreFree(both, observed({ networks: [own] })).map(({ what }) => what)).toEqual(
      by.map((who) => `overlaps '172.20.0.0/26' ${who}, got '172.20.0.0/24'`),
    );
  });

  it("rejects a network of that name which somebody else made", () => {
    expect(free({ networks: [{ name: "shop_back", stack: "", subnets: [], project: "", guests: [] }] })).toEqual([
      "project: 'shop_back' is a network on this server that slipway did not make for this stack; " +
        "choose another, or remove the network if nothing uses it",
    ]);
  });

  it("rejects an external network that is not there", () => {
    const needs = { external: { public: "web" }, chosen: {}, range: "10.213.0.0/16" };
    expect(ensureNetworksCanBe("shop/staging", needs, observed()).map(describeProblem)).toEqual([
      "compose.networks.web: is external, and the server has no network of that name, got 'public'; " +
        "start what makes it, or make it with `docker network create public`",
    ]);
    const there = { name: "public", stack: "", subnets: [], project: "", guests: [] };
    expect(ensureNetworksCanBe("shop/staging", needs, observed({ networks: [there] }))).toEqual([]);
  });

  it("rejects a range without room for the subnets that the server has to choose", () => {
    const chosen = { a: 26, b: 26, c: 26, d: 26 };
    const needs = { external: {}, chosen, range: "10.7.0.0/24" };
    expect(ensureNetworksCanBe("shop/staging", needs, observed())).toEqual([]);
    const claims = [{ ...other, subnets: ["10.7.0.64/26"] }];
    expect(ensureNetworksCanBe("shop/staging", needs, observed({ claims })).map(describeProblem)).toEqual([
      "networks.range: has no free subnet on the server for 1 of 4 networks, got '10.7.0.0/24'; " +
        "set a larger range, or one that nothing on the server uses",
    ]);
    const own = { name: "a", stack: "shop/staging", subnets: ["10.7.0.0/26"], project: "", guests: [] };
    expect(ensureNetworksCanBe("shop/staging", needs, observed({ networks: [own] }))).toEqual([]);
    const former = { name: "former", stack: "shop/staging", subnets: ["10.7.0.128/26"], project: "", guests: [] };
    const found = ensureNetworksCanBe("shop/staging", needs, observed({ networks: [own, former] }));
    expect(found.map(({ what }) => what)).toEqual([
      "has no free subnet on the server for 1 of 3 networks, got '10.7.0.0/24'",
    ]);
  });
});
