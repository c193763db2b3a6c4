import { mayOpen } from "../stack/network/driver-options.ts";
import type { StackService } from "../stack/service.ts";
import type { Breach } from "./breach.ts";

/** Options of networks by which others reach what a service does not publish. */
export function opensItsNetworks({ attachments }: StackService): Breach[] {
  return attachments.flatMap(({ key, options = {} }) =>
    Object.entries(options)
      .filter(([option]) => mayOpen(option))
      .map(([option, value]) => ({
        what: `is in the network '${key}', whose driver_opts may open it to others, got ${option} '${value}'`,
        todo: `remove that option from networks.${key}`,
      })),
  );
}
