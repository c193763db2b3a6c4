import type { AddressRange, Network, NetworkPlace } from "../../compose/network/network.ts";
import type { Service } from "../../compose/application.ts";
import { textOf } from "../../json.ts";
import type { Problem } from "../../problem.ts";
import {
  addressText,
  contains,
  parseAddress,
  parseSubnet,
  subnetAround,
  subnetText,
  type Subnet,
} from "../../subnet.ts";
import type { Stack } from "../stack.ts";

/** By network of the file: the subnet that the stack has in place of the file's. */
type Moves = Readonly<Record<string, string>>;

/** The networks of the file with the subnets of the stack; addresses keep their places within. */
export function movedNetworks(networks: Readonly<Record<string, Network>>, moves: Moves) {
  const moved = Object.entries(networks).map(([name, network]): [string, Network] => {
    const move = moves[name];
    const [first, ...others] = network.ranges ?? [];
    if (move === undefined || network.external === true) return [name, network];
    return [name, { ...network, ranges: [movedRange(first, move), ...others] }];
  });
  return Object.fromEntries(moved);
}

function movedRange(range: AddressRange | undefined, to: string): AddressRange {
  if (range === undefined) return { subnet: to };
  const way = wayOf(range.subnet, to);
  const { gateway, dynamic, reserved } = range;
  const moveAll = Object.entries(reserved ?? {}).map(([name, address]) => [name, movedAddress(address, way)] as const);
  return {
    subnet: to,
    ...(gateway !== undefined && { gateway: movedAddress(gateway, way) }),
    ...(dynamic !== undefined && { dynamic: movedPart(dynamic, way) }),
    ...(reserved !== undefined && { reserved: Object.fromEntries(moveAll) }),
  };
}

/** A service whose fixed addresses have moved with the subnets of its networks. */
export function movedService(service: Service, networks: Readonly<Record<string, Network>>, moves: Moves): Service {
  const places = Object.entries(service.networks ?? {}).map(([name, place]): [string, NetworkPlace] => {
    const [to, from] = [moves[name], networks[name]?.ranges?.[0]?.subnet];
    const { ipv4_address: address } = place.fields;
    if (to === undefined || from === undefined || typeof address !== "string") return [name, place];
    return [name, { ...place, fields: { ...place.fields, ipv4_address: movedAddress(address, wayOf(from, to)) } }];
  });
  return service.networks === undefined ? service : { ...service, networks: Object.fromEntries(places) };
}

/** The way of addresses from one subnet to another; undefined where one of them is no range of IPv4. */
function wayOf(from: string, to: string): { readonly from: Subnet; readonly to: Subnet } | undefined {
  const [one, other] = [subnetAround(from), subnetAround(to)];
  return one && other && { from: one, to: other };
}

type Way = ReturnType<typeof wayOf>;

function movedAddress(text: string, way: Way): string {
  const address = parseAddress(text);
  if (way === undefined || address === undefined || !contains(way.from, address)) return text;
  return addressText(way.to.first + address - way.from.first);
}

function movedPart(text: string, way: Way): string {
  const part = parseSubnet(text);
  if (way === undefined || part === undefined || !contains(way.from, part.first)) return text;
  return subnetText({ first: way.to.first + part.first - way.from.first, prefix: part.prefix });
}

/** Requires that the stack moves networks of the file that it has, and that their addresses fit into the subnets. */
export function ensureSubnetsFit({ networks: { subnets }, services, hosts }: Stack): Problem[] {
  const made = Object.values(hosts).flatMap(({ networks }) => networks);
  const unknown = Object.keys(subnets).filter((name) => !made.some(({ key, kind }) => key === name && kind === "file"));
  return [
    ...unknown.map((name) => ({
      path: `networks.${name}`,
      what: "is no network that the stack makes for its shared services",
      todo: "correct the name, or remove it",
    })),
    ...services.flatMap(({ name, places }) =>
      places.flatMap(({ key, fields }) => {
        const address = parseAddress(textOf(fields["ipv4_address"]) ?? "");
        const ranges = made.find((network) => network.key === key)?.ranges ?? [];
        const fits = ranges.some(({ subnet }) => isIn(subnet, address));
        if (address === undefined || fits || made.some((one) => one.key === key && one.kind === "external")) return [];
        const own = ranges.length === 0 ? "none that is named" : ranges.map(({ subnet }) => subnet).join(" and ");
        const what = `is in no subnet of the network, got '${addressText(address)}' and for the network ${own}`;
        const todo = `let ipam.config of the network, or networks.${key}.subnet, name a subnet with that address`;
        return [{ path: `compose.services.${name}.networks.${key}.ipv4_address`, what, todo }];
      }),
    ),
  ];
}

function isIn(text: string, address: number | undefined): boolean {
  const subnet = subnetAround(text);
  return subnet !== undefined && address !== undefined && contains(subnet, address);
}
