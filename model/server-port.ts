import { z } from "zod";
import { overlap, portRangeText, readPortRange, type PortRange, type Protocol } from "./port-range.ts";

/** One port of a server, or several in a row, at one of its addresses. TCP and UDP ports are different ones. */
export interface ServerPort extends PortRange {
  /** Of IPv6 without brackets. */
  readonly address: string;
  readonly protocol: Protocol;
}

/** The addresses that stand for all of a server's addresses of IPv4 and of IPv6. */
export const everyAddress = ["0.0.0.0", "::"];

/** Reads an IP address, of IPv6 in its short form; undefined for anything else. Brackets do not count. */
export function readAddress(text: string): string | undefined {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (z.ipv4().safeParse(text).success) return text;
  if (!z.ipv6().safeParse(bare).success) return undefined;
  return new URL(`http://[${bare}]`).hostname.slice(1, -1);
}

/** Tells an address that only the server itself can reach. */
export function isLoopback(address: string): boolean {
  return /^(127\.|::1$)/.test(address);
}

/** An address as it stands before a port: one of IPv6 needs brackets. */
export function beforePort(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

/** Writes `127.0.0.1:18080`, `0.0.0.0:53/udp` or `[::1]:10000-10100/udp`. */
export function serverPortText({ address, protocol, ...range }: ServerPort): string {
  return `${beforePort(address)}:${portRangeText(range)}${protocol === "udp" ? "/udp" : ""}`;
}

/** Reads what `serverPortText` writes; undefined for anything else. */
export function readServerPort(text: string): ServerPort | undefined {
  const [, before = "", ports = "", name] = /^(.+):([\d-]+)(?:\/(udp))?$/.exec(text) ?? [];
  const [address, range] = [readAddress(before), readPortRange(ports)];
  return address === undefined || range === undefined
    ? undefined
    : { address, ...range, protocol: name === "udp" ? "udp" : "tcp" };
}

/**
 * Tells whether only one of two can listen: they have a port in common, and an address. One of all addresses has those
 * of its family alone, since Docker listens on `::` for IPv6 only.
 */
export function collide(one: ServerPort, other: ServerPort): boolean {
  if (one.protocol !== other.protocol || !overlap(one, other)) return false;
  if (one.address.includes(":") !== other.address.includes(":")) return false;
  return one.address === other.address || [one, other].some(({ address }) => everyAddress.includes(address));
}
