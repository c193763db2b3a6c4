import { z } from "zod";
import type { NetworkSettings } from "../../model/stack/deployment.ts";
import { parseSubnet } from "../../model/subnet.ts";

/**
 * The addresses of which servers choose subnets, unless the stack says others: none that the engine gives networks by
 * itself, and private ones, which proxies and frameworks trust by default.
 */
const usualRange = "10.213.0.0/16";

const form = "write it as address and bits, such as 172.30.1.0/24, and begin with its first address";

const subnet = z
  .string()
  .refine((text) => parseSubnet(text) !== undefined, `is not a range of IPv4 addresses; ${form}`);

/** A range of which a server can choose at least one subnet. */
const range = subnet.refine(
  (text) => (parseSubnet(text)?.prefix ?? 0) <= 24,
  "is too small; use 256 addresses or more",
);

/** `range`, and by network of the compose file what differs on this stack. */
export const networkSettings = z
  .strictObject({ range: range.default(usualRange) })
  .catchall(z.strictObject({ subnet }))
  .transform(({ range, ...networks }): NetworkSettings => {
    return { range, subnets: Object.fromEntries(Object.entries(networks).map(([name, one]) => [name, one.subnet])) };
  });
