import { readFileSync } from "node:fs";
import { addressText, parseSubnet, type Subnet } from "../../model/subnet.ts";

/** A range of addresses to which this server has a way of its own. */
export interface ServerRoute {
  readonly subnet: Subnet;
  /** The interface that leads there. */
  readonly device: string;
}

/** The kernel's table of IPv4 routes. */
const table = "/proc/net/route";

/**
 * The routes of this server but the default one, which leads to everything that has none. A VPN that takes its place
 * writes it as two halves of all addresses.
 */
export function serverRoutes(path = table): ServerRoute[] {
  const [, ...lines] = readFileSync(path, "latin1").trim().split("\n");
  return lines.flatMap((line) => {
    const [device = "", destination = "", , , , , , mask = ""] = line.trim().split(/\s+/);
    const prefix = 32 - Math.log2(2 ** 32 - numberOf(mask));
    const subnet = parseSubnet(`${addressText(numberOf(destination))}/${prefix}`);
    return subnet === undefined || prefix < 2 ? [] : [{ subnet, device }];
  });
}

/** The kernel writes an address as one word, in which the last byte is the first of the address. */
function numberOf(hexadecimal: string): number {
  const bytes = Buffer.from(hexadecimal.padStart(8, "0"), "hex");
  return bytes.readUInt32LE(0);
}
