import { ipRangeText, isPrivate, parseIpRange } from "../../ip-range.ts";
import type { Problem } from "../../problem.ts";
import type { Stack } from "../stack.ts";

/**
 * Requires that each subnet which the file names is a range of addresses as the engine takes it, and nobody's on the
 * Internet: the server would no longer reach those addresses. The stack itself may name one that is meant.
 */
export function ensureRangesAreUsable({ hosts, networks: { subnets } }: Pick<Stack, "hosts" | "networks">): Problem[] {
  const made = Object.values(hosts).flatMap(({ networks }) => networks.filter(({ kind }) => kind === "file"));
  return made.flatMap(({ key, ranges }) =>
    ranges.flatMap(({ subnet }) => {
      const fault = faultOf(subnet, key, subnets[key]);
      return fault === undefined ? [] : [{ path: `compose.networks.${key}.ipam`, ...fault }];
    }),
  );
}

function faultOf(text: string, key: string, meant: string | undefined): Omit<Problem, "path"> | undefined {
  const range = parseIpRange(text);
  if (range === undefined) {
    const todo = "write it as address and bits, such as 172.30.1.0/24";
    return { what: `has a subnet that is no range of addresses, got '${text}'`, todo };
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
