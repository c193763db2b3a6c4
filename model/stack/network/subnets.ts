import type { AddressRange, Network, NetworkAttachment } from "../../compose/network/network.ts";
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
import type { Deployment, NetworkSettings } from "../deployment.ts";
import type { Stack } from "../stack.ts";

/** A deployment whose networks have the subnets of the stack; fixed addresses keep their places within. */
export function withMovedSubnets(deployment: Deployment): Deployment {
  const { application, migrations, networks } = deployment;
  const moves = movesOf(application.networks, networks.subnets);
  const services = Object.entries(application.services).map(([name, service]) => {
    return [name, movedService(service, moves)] as const;
  });
  return {
    ...deployment,
    application: {
      ...application,
      networks: { ...application.networks, ...Object.fromEntries(moves.map(({ name, moved }) => [name, moved])) },
      services: Object.fromEntries(services),
    },
    migrations: migrations.map((one) => ({ ...one, service: movedService(one.service, moves) })),
  };
}

/** A network of the file that the stack gives another subnet. */
interface Move {
  readonly name: string;
  readonly moved: Network;
  readonly shift: Shift;
}

function movesOf(networks: Readonly<Record<string, Network>>, subnets: NetworkSettings["subnets"]): Move[] {
  return Object.entries(subnets).flatMap(([name, to]): Move[] => {
    const network = Object.hasOwn(networks, name) ? networks[name] : undefined;
    if (network === undefined || network.external === true) return [];
    const [first, ...others] = network.ranges ?? [];
    const shift = first && shiftOf(first.subnet, to);
    return [{ name, moved: { ...network, ranges: [movedRange(first, to), ...others] }, shift }];
  });
}

function movedRange(range: AddressRange | undefined, to: string): AddressRange {
  if (range === undefined) return { subnet: to };
  const shift = shiftOf(range.subnet, to);
  const { gateway, dynamic, reserved } = range;
  const moveAll = Object.entries(reserved ?? {}).map(
    ([name, address]) => [name, movedAddress(address, shift)] as const,
  );
  return {
    subnet: to,
    ...(gateway !== undefined && { gateway: movedAddress(gateway, shift) }),
    ...(dynamic !== undefined && { dynamic: movedPart(dynamic, shift) }),
    ...(reserved !== undefined && { reserved: Object.fromEntries(moveAll) }),
  };
}

function movedService(service: Service, moves: readonly Move[]): Service {
  const attachments = Object.entries(service.networks).map(([name, attachment]): [string, NetworkAttachment] => {
    const { ipv4_address: address } = attachment.fields;
    const shift = moves.find((move) => move.name === name)?.shift;
    if (shift === undefined || typeof address !== "string") return [name, attachment];
    return [name, { ...attachment, fields: { ...attachment.fields, ipv4_address: movedAddress(address, shift) } }];
  });
  return { ...service, networks: Object.fromEntries(attachments) };
}

/** The move of addresses from one subnet to another; undefined where one of them is no range of IPv4. */
function shiftOf(from: string, to: string): { readonly from: Subnet; readonly to: Subnet } | undefined {
  const [one, other] = [subnetAround(from), subnetAround(to)];
  return one && other && { from: one, to: other };
}

type Shift = ReturnType<typeof shiftOf>;

function movedAddress(text: string, shift: Shift): string {
  const address = parseAddress(text);
  if (shift === undefined || address === undefined || !contains(shift.from, address)) return text;
  return addressText(shift.to.first + address - shift.from.first);
}

function movedPart(text: string, shift: Shift): string {
  const part = parseSubnet(text);
  if (shift === undefined || part === undefined || !contains(shift.from, part.first)) return text;
  return subnetText({ first: shift.to.first + part.first - shift.from.first, prefix: part.prefix });
}

/** Requires that the stack moves networks of the file that it has, and that their addresses fit into the subnets. */
export function ensureSubnetsFit({ networks: { subnets }, services, hosts }: Stack): Problem[] {
  const made = Object.values(hosts).flatMap(({ networks }) => networks);
  const unknown = Object.keys(subnets).filter((name) => !made.some(({ key, kind }) => key === name && kind === "file"));
  return [
    ...unknown.map((name) => ({
      path: `networks.${name}`,
      what: "is not a network that the stack creates for its shared services",
      todo: "correct the name, or remove it",
    })),
    ...services.flatMap(({ name, attachments }) =>
      attachments.flatMap(({ key, fields }) => {
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
