import { expect, it } from "vitest";
import type { AddressRange } from "../../../../model/compose/network/network.ts";
import { ipRangeText, parseIpRange } from "../../../../model/ip-range.ts";
import { stackProblems } from "../../../../model/plan/rules.ts";
import { describeProblem } from "../../../../model/problem.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { one } from "../../policy/broken.ts";

function problems(subnet: string, subnets: Readonly<Record<string, string>> = {}): string[] {
  return problemsOf({ back: [{ subnet }] }, subnets);
}

function problemsOf(
  ranges: Readonly<Record<string, readonly AddressRange[]>>,
  subnets: Readonly<Record<string, string>> = {},
): string[] {
  const names = Object.keys(ranges);
  const asked = one({ networks: Object.fromEntries(names.map((name) => [name, { aliases: [], fields: {} }])) });
  const named = Object.fromEntries(Object.entries(ranges).map(([name, own]) => [name, { ranges: own }]));
  const application = { ...asked.application, networks: named };
  const networks = { range: "10.213.0.0/16", subnets };
  return stackProblems(stackOf({ ...asked, application, networks }))
    .filter(({ path }) => path.includes("networks"))
    .map(describeProblem);
}

it.each(["10.20.0.0/16", "172.30.1.0/24", "192.168.7.0/24", "fd00:5::/64", "2001:db8:1::/64"])(
  "the subnet %s of the file is accepted",
  (subnet) => {
    expect(problems(subnet)).toEqual([]);
  },
);

const at = "compose.networks.back.ipam: has a subnet";

it.each([
  ["10.20.0.1/16", "that does not begin with its first address", "write 10.20.0.0/16"],
  ["fd00:5::1/64", "that does not begin with its first address", "write fd00:5::/64"],
  ["10.20.0.0", "that is not a range of addresses", "write it as address and bits, such as 172.30.1.0/24"],
  ["010.20.0.0/16", "that is not a range of addresses", "write it as address and bits, such as 172.30.1.0/24"],
  ["10.20.0.0/33", "that is not a range of addresses", "write it as address and bits, such as 172.30.1.0/24"],
  [
    "8.8.8.0/24",
    "of addresses that others have on the Internet",
    "use a private one, such as 172.30.1.0/24, or set networks.back.subnet to it if it is meant",
  ],
  ["10.0.0.0/7", "of addresses that others have on the Internet", undefined],
  ["169.254.169.0/24", "of addresses that others have on the Internet", undefined],
  ["2606:4700::/32", "of addresses that others have on the Internet", "use one of fd00::/8"],
])("rejects the subnet %s of the file (SEC-D3)", (subnet, what, todo) => {
  const [found, ...others] = problems(subnet);
  expect(others).toEqual([]);
  expect(found).toContain(`${at} ${what}, got '${subnet}'; ${todo ?? ""}`);
});

it("a subnet of the Internet's addresses is accepted where the stack itself names it", () => {
  expect(problems("10.20.0.0/16", { back: "8.8.8.0/24" })).toEqual([]);
});

it("rejects subnets of two networks that overlap, unless the stack moves one", () => {
  const ranges = { back: [{ subnet: "172.30.0.0/16" }], front: [{ subnet: "172.30.1.0/24" }] };
  expect(problemsOf(ranges)).toEqual([
    "compose.networks.front.ipam: has a subnet that overlaps '172.30.0.0/16' of the network 'back', " +
      "got '172.30.1.0/24'; use another one, or set networks.front.subnet to one",
  ]);
  expect(problemsOf(ranges, { front: "172.31.1.0/24" })).toEqual([]);
});

it("the gateway and all else that a subnet of the file names may lie in it", () => {
  const back = { subnet: "172.30.1.0/24", gateway: "172.30.1.1", dynamic: "172.30.1.128/25" };
  const ipv6 = { subnet: "fd00:5::/64", gateway: "fd00:5::1" };
  expect(problemsOf({ back: [{ ...back, reserved: { printer: "172.30.1.9" } }, ipv6] })).toEqual([]);
});

it.each([
  [{ gateway: "172.31.1.1" }, "gateway '172.31.1.1'"],
  [{ dynamic: "172.30.0.0/16" }, "ip_range '172.30.0.0/16'"],
  [{ reserved: { printer: "fd00:5::1" } }, "aux_addresses.printer 'fd00:5::1'"],
])("rejects %j outside of the subnet", (said, part) => {
  expect(problemsOf({ back: [{ subnet: "172.30.1.0/24", ...said }] })).toEqual([
    `compose.networks.back.ipam: has the ${part} outside of its subnet, got '172.30.1.0/24'; correct one of them`,
  ]);
});

it.each([
  ["10.1.2.3/8", "10.0.0.0/8"],
  ["FD00:0:0:1::5/64", "fd00:0:0:1::/64"],
  ["::/0", "::/0"],
  ["::ffff:10.0.0.1/128", "::ffff:a00:1/128"],
])("the range %s begins at %s", (text, first) => {
  const range = parseIpRange(text);
  expect(range && ipRangeText(range)).toBe(first);
});
