import { describe, expect, it } from "vitest";
import { z } from "zod";
import { difference, fixedAddress, specOf, type WantedNetwork } from "../../../host/network/wanted.ts";
import type { EngineNetwork } from "../../../host/docker/engine.ts";
import { parseSubnet } from "../../../model/subnet.ts";

const chosen = parseSubnet("10.213.4.0/26");

/** A network that the engine made of its request, with these addresses. */
function made(wanted: WantedNetwork, subnet = "10.213.4.0/26"): EngineNetwork {
  const labels = z.record(z.string(), z.string()).parse(specOf("shop_back", wanted, "shop/staging", chosen)["Labels"]);
  return { Name: "shop_back", Id: "1", Labels: labels, IPAM: { Config: [{ Subnet: subnet }] } };
}

describe("a network that slipway makes", () => {
  it("gives containers addresses of its upper half, and the proxy the one after the gateway's", () => {
    expect(specOf("shop_back", { prefix: 26 }, "shop/staging", chosen)["IPAM"]).toEqual({
      Driver: "default",
      Config: [{ Subnet: "10.213.4.0/26", Gateway: "10.213.4.1", IPRange: "10.213.4.32/27" }],
    });
    expect(fixedAddress(made({ prefix: 26 }))).toBe("10.213.4.2");
  });

  it("has the addresses of the file where that names them", () => {
    const range = {
      subnet: "172.20.0.0/24",
      gateway: "172.20.0.9",
      dynamic: "172.20.0.128/25",
      reserved: { a: "172.20.0.3" },
    };
    expect(specOf("shop_back", { ranges: { 0: range } }, "shop/staging", undefined)["IPAM"]).toEqual({
      Driver: "default",
      Config: [
        {
          Subnet: "172.20.0.0/24",
          Gateway: "172.20.0.9",
          IPRange: "172.20.0.128/25",
          AuxiliaryAddresses: { a: "172.20.0.3" },
        },
      ],
    });
  });
});

describe("a network that is there", () => {
  const wanted: WantedNetwork = { prefix: 26 };

  it("is as wanted, also where its subnet is larger than it has to be", () => {
    expect(difference(made(wanted), wanted, chosen)).toBeUndefined();
    expect(difference(made(wanted), { prefix: 27 }, chosen)).toBeUndefined();
  });

  it.each<[string, WantedNetwork, string, string, string]>([
    ["its subnet is too small", { prefix: 25 }, "10.213.4.0/26", "a subnet of 128 addresses", "10.213.4.0/26"],
    ["its subnet is not the chosen one", wanted, "10.213.9.0/26", "10.213.4.0/26", "10.213.9.0/26"],
    [
      "it was made from something else",
      { prefix: 26, internal: "true" },
      "10.213.4.0/26",
      "as its document says",
      "another",
    ],
  ])("is made again where %s", (_, now, subnet, expected, found) => {
    expect(difference(made(wanted, subnet), now, chosen)).toEqual({ expected, found });
  });

  it("may have any subnet where none is chosen", () => {
    expect(difference(made(wanted, "10.213.9.0/26"), wanted, undefined)).toBeUndefined();
  });
});
