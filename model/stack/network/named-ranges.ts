import type { AddressRange } from "../../compose/network/network.ts";
import { contains, ipRangeText, isPrivate, parseIpRange, rangesOverlap } from "../../ip-range.ts";
import type { Problem } from "../../problem.ts";
import type { Stack, StackHost } from "../stack.ts";

/**
 * Requires that each subnet which the file names is a range of addresses as the engine takes it, and nobody's on the
 * Internet: the server would no longer reach those addresses. The stack itself may name one that is meant.
 */
export function ensureRangesAreUsable({ hosts, networks: { subnets } }: Pick<Stack, "hosts" | "networks">): Problem[] {
  return Object.values(hosts).flatMap(({ networks }) => {
    const named = namedRanges(networks);
    return named.flatMap(({ key, range }, index): Problem[] => {
      const fault = faultOf(range.subnet, key, subnets[key]) ?? outsideFault(range);
      if (fault !== undefined) return [{ path: `compose.networks.${key}.ipam`, ...fault }];
      const other = named.slice(0, index).find((earlier) => overlap(earlier.range, range));
      return other === undefined ? [] : [overlapProblem(key, range, other)];
    });
  });
}

/** A range of addresses with the network of the file that has it. */
interface NamedRange {
  readonly key: string;
  readonly range: AddressRange;
}

function namedRanges(networks: StackHost["networks"]): NamedRange[] {
  const made = networks.filter(({ kind }) => kind === "file");
  return made.flatMap(({ key, ranges }) => ranges.map((range) => ({ key, range })));
}

function overlap(one: AddressRange, other: AddressRange): boolean {
  const [first, second] = [parseIpRange(one.subnet), parseIpRange(other.subnet)];
  return first !== undefined && second !== undefined && rangesOverlap(first, second);
}

function overlapProblem(key: string, { subnet }: AddressRange, other: NamedRange): Problem {
  const what = `has a subnet that overlaps '${other.range.subnet}' of the network '${other.key}', got '${subnet}'`;
  return { path: `compose.networks.${key}.ipam`, what, todo: `use another one, or set networks.${key}.subnet to one` };
}

/** The gateway and all else that a range names lies in its subnet: the engine makes no network of any other. */
function outsideFault({ subnet, gateway, dynamic, reserved }: AddressRange): Omit<Problem, "path"> | undefined {
  const range = parseIpRange(subnet);
  const parts = [
    ...(gateway === undefined ? [] : [["gateway", gateway] as const]),
    ...(dynamic === undefined ? [] : [["ip_range", dynamic] as const]),
    ...Object.entries(reserved ?? {}).map(([name, address]) => [`aux_addresses.${name}`, address] as const),
  ];
  const outside = parts.find(([, text]) => range !== undefined && !contains(range, text));
  if (outside === undefined) return undefined;
  const [field, text] = outside;
  return { what: `has the ${field} '${text}' outside of its subnet, got '${subnet}'`, todo: "correct one of them" };
}

function faultOf(text: string, key: string, meant: string | undefined): Omit<Problem, "path"> | undefined {
  const range = parseIpRange(text);
  if (range === undefined) {
    const todo = "write it as address and bits, such as 172.30.1.0/24";
    return { what: `has a subnet that is not a range of addresses, got '${text}'`, todo };
  }
  if (!range.isAligned) {
    const what = `has a subnet that does not begin with its first address, got '${text}'`;
    return { what, todo: `write ${ipRangeText(range)}` };
  }
  if (isPrivate(range) || text === meant) return undefined;
  const what = `has a subnet of addresses that others have on the Internet, got '${text}'`;
  const way = `use a private one, such as 172.30.1.0/24, or set networks.${key}.subnet to it if it is meant`;
  return { what, todo: range.version === 4 ? way : "use one of fd00::/8" };
}
