/** The protocols of ports that Docker publishes and slipway carries. */
export type Protocol = "tcp" | "udp";

/** Consecutive ports; a single one is first and last. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Reads `80` or `80-82`; undefined for what is neither. */
export function readPortRange(text: string): PortRange | undefined {
  const [, from = "", to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  return from !== "" && first >= 1 && first <= last && last <= 65_535 ? { first, last } : undefined;
}

/** Writes `80`, or `80-82` for more than one port. */
export function portRangeText({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}

/** The number of ports. */
export function countOf({ first, last }: PortRange): number {
  return last - first + 1;
}

/** Every port of a range. */
export function portsIn({ first, last }: PortRange): number[] {
  return Array.from({ length: countOf({ first, last }) }, (_, index) => first + index);
}

/** The first port after another one that is not taken. */
export function nextFree(port: number, taken: ReadonlySet<number>): number {
  let next = port + 1;
  while (taken.has(next)) next += 1;
  return next;
}

/** Tells whether two ranges have a port in common. */
export function overlap(one: PortRange, other: PortRange): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** A container's port as configuration and messages name it: `80`, `53/udp` or `10000-10100/udp`. */
export function containerPortText(range: PortRange, protocol: Protocol): string {
  return protocol === "tcp" ? portRangeText(range) : `${portRangeText(range)}/${protocol}`;
}

/** Reads `80`, `80/tcp`, `53/udp` or `10000-10100/udp`; undefined for anything else. */
export function readContainerPort(text: string): (PortRange & { readonly protocol: Protocol }) | undefined {
  const [, ports = "", name = "tcp"] = /^([\d-]+)(?:\/(tcp|udp))?$/.exec(text) ?? [];
  const range = readPortRange(ports);
  return range && { ...range, protocol: name === "udp" ? "udp" : "tcp" };
}
