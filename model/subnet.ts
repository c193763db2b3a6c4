import { ipv4Text, parseIpRange } from "./ip-range.ts";

/** A range of IPv4 addresses: a power of two of them, from its first one on. */
export interface Subnet {
  /** Its first address as a number. */
  readonly first: number;
  /** The bits that all its addresses have in common. */
  readonly prefix: number;
}

/** Reads `10.1.2.0/24`; undefined for a text that is none, or whose address lies within the range instead of first. */
export function parseSubnet(text: string): Subnet | undefined {
  return parseIpRange(text)?.isAligned === true ? subnetAround(text) : undefined;
}

/** The subnet with an address, cut to its first one: the engine takes a range with any of its addresses. */
export function subnetAround(text: string): Subnet | undefined {
  const { version, first, prefix } = parseIpRange(text) ?? {};
  return version === 4 && first !== undefined && prefix !== undefined ? { first: Number(first), prefix } : undefined;
}

/** The number of an IPv4 address; undefined for any other text. */
export function parseAddress(text: string): number | undefined {
  return subnetAround(`${text}/32`)?.first;
}

/** Writes a subnet as the engine does. */
export function subnetText({ first, prefix }: Subnet): string {
  return `${addressText(first)}/${prefix}`;
}

/** Writes the number of an address as an address. */
export function addressText(address: number): string {
  return ipv4Text(BigInt(address));
}

/** The number of addresses of a subnet. */
export function sizeOf({ prefix }: Pick<Subnet, "prefix">): number {
  return 2 ** (32 - prefix);
}

/** Tells two subnets that have an address in common. */
export function overlap(one: Subnet, other: Subnet): boolean {
  return one.first < other.first + sizeOf(other) && other.first < one.first + sizeOf(one);
}

/** Tells an address of a subnet. */
export function contains(subnet: Subnet, address: number): boolean {
  return address >= subnet.first && address < subnet.first + sizeOf(subnet);
}

/** The first free part of a range that is as large as asked for; undefined if there is none. */
export function freeSubnet(range: Subnet, prefix: number, taken: readonly Subnet[]): Subnet | undefined {
  const end = range.first + sizeOf(range);
  for (let first = range.first; first + sizeOf({ prefix }) <= end; first += sizeOf({ prefix })) {
    const subnet = { first, prefix };
    if (!taken.some((other) => overlap(subnet, other))) return subnet;
  }
  return undefined;
}
