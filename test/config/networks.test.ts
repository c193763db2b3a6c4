import { expect, it } from "vitest";
import { networkSettings } from "../../config/schema/networks.ts";

it("the networks of a stack have a range of addresses, and by network of the file a subnet", () => {
  expect(networkSettings.parse({ range: "10.7.0.0/20", back: { subnet: "172.21.0.0/24" } })).toEqual({
    range: "10.7.0.0/20",
    subnets: { back: "172.21.0.0/24" },
  });
  expect(networkSettings.parse({})).toEqual({ range: "10.213.0.0/16", subnets: {} });
});

it.each([
  [{ range: "10.7.0.0/25" }, "is too small; use 256 addresses or more"],
  [{ back: { subnet: "172.21.0.9/24" } }, "is not a range of IPv4 addresses; write it as address and bits, such as"],
  [{ back: { subnet: "172.21.0.0/33" } }, "is not a range of IPv4 addresses"],
  [{ back: { subnet: "fd00::/64" } }, "is not a range of IPv4 addresses"],
])("rejects the networks %j", (networks, message) => {
  const { error } = networkSettings.safeParse(networks);
  expect(error?.issues[0]?.message).toContain(message);
});
