/** A range of IPv4 addresses: a power of two of them, from its first one on. */
export interface Subnet {
  /** Its first address as a number. */
  readonly first: number;
  /** The bits that all its addresses have in common. */
  readonly prefix: number;
}

/** Reads `10.1.2.0/24`; undefined for a text that is none, or whose address lies within the range instead of first. */
export function parseSubnet(text: string): Subnet | undefined {
  const subnet = subnetAround(text);
  return subnet?.first === parseAddress(text.split("/")[0] ?? "") ? subnet : undefined;
}

/** The subnet with an address, cut to its first one: the engine takes a range with any of its addresses. */
export function subnetAround(text: string): Subnet | undefined {
  const [, address = "", bits = ""] = /^([0-9.]+)\/([0-9]{1,2})$/.exec(text) ?? [];
  const [one, prefix] = [parseAddress(address), Number(bits)];
  if (one === undefined || bits === "" || prefix > 32) return undefined;
  return { first: one - (one % sizeOf({ prefix })), prefix };
}

/** The number of an IPv4 address; undefined for any other text. */
export function parseAddress(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Writes a subnet as the engine does. */
export function subnetText({ first, prefix }: Subnet): string {
  return `${addressText(first)}/${prefix}`;
}

/** Writes the number of an address as an address. */
export function addressText(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
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
