/** A range of addresses of IPv4 or IPv6, as it is compared with others. */
export interface IpRange {
  readonly version: 4 | 6;
  readonly first: bigint;
  /** The bits that all its addresses have in common. */
  readonly prefix: number;
  /** It was written with its first address. */
  readonly isAligned: boolean;
}

/** Reads a range from its first address on, whichever of its addresses is written; undefined for any other text. */
export function parseIpRange(text: string): IpRange | undefined {
  const [, written = "", bits = ""] = /^([0-9A-Fa-f.:]+)\/([0-9]{1,3})$/.exec(text) ?? [];
  const version = written.includes(":") ? 6 : 4;
  const [address, prefix] = [version === 6 ? parseIpv6(written) : parseIpv4(written), Number(bits)];
  if (address === undefined || bits === "" || prefix > bitsOf(version)) return undefined;
  const size = 1n << BigInt(bitsOf(version) - prefix);
  const first = address - (address % size);
  return { version, first, prefix, isAligned: first === address };
}

/** Writes a range with its first address. */
export function ipRangeText({ version, first, prefix }: Pick<IpRange, "version" | "first" | "prefix">): string {
  return `${version === 4 ? ipv4Text(first) : ipv6Text(first)}/${prefix}`;
}

/** Tells two ranges that have an address in common. */
export function rangesOverlap(one: IpRange, other: IpRange): boolean {
  return one.version === other.version && one.first <= lastOf(other) && other.first <= lastOf(one);
}

/** Tells an address, or a range of them, that lies in a range. */
export function contains(range: IpRange, text: string): boolean {
  const part = parseIpRange(text.includes("/") ? text : `${text}/${bitsOf(range.version)}`);
  return part !== undefined && isWithin(part, range);
}

/** Ranges that belong to nobody on the Internet: private ones, and those for tests and documentation. */
const free = [
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15"],
  ...["fc00::/7", "2001:db8::/32"],
].flatMap((text) => parseIpRange(text) ?? []);

/** Tells a range of addresses that nobody on the Internet has. */
export function isPrivate(range: IpRange): boolean {
  return free.some((one) => isWithin(range, one));
}

function isWithin(part: IpRange, range: IpRange): boolean {
  return range.version === part.version && range.first <= part.first && lastOf(part) <= lastOf(range);
}

function bitsOf(version: IpRange["version"]): number {
  return version === 4 ? 32 : 128;
}

function lastOf({ version, first, prefix }: IpRange): bigint {
  return first + (1n << BigInt(bitsOf(version) - prefix)) - 1n;
}

/** The engine takes no number that begins with a zero. */
function parseIpv4(text: string): bigint | undefined {
  const parts = text.split(".");
  const isAddress = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  return isAddress ? parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) : undefined;
}

/** The parser of addresses of the web knows every way to write one, and gives one of them back. */
function parseIpv6(text: string): bigint | undefined {
  const url = `http://[${text}]/`;
  if (!URL.canParse(url)) return undefined;
  const [before = "", after] = new URL(url).hostname.slice(1, -1).split("::");
  const [head, tail] = [groupsOf(before), groupsOf(after ?? "")];
  const zeros = Array<string>(8 - head.length - tail.length).fill("0");
  return [...head, ...zeros, ...tail].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function groupsOf(text: string): string[] {
  return text === "" ? [] : text.split(":");
}

/** Writes the number of an IPv4 address as an address. */
export function ipv4Text(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((bits) => (address >> bits) & 255n).join(".");
}

function ipv6Text(address: bigint): string {
  const groups = [7n, 6n, 5n, 4n, 3n, 2n, 1n, 0n].map((at) => ((address >> (at * 16n)) & 65_535n).toString(16));
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}
