import type { NetworkFact, RouteFact } from "../../model/facts/observation.ts";
import { ipRangeText, parseIpRange, rangesOverlap, type IpRange } from "../../model/ip-range.ts";
import { subnetText } from "../../model/subnet.ts";
import type { EngineNetwork } from "../docker/engine.ts";
import type { ServerRoute } from "../network/routes.ts";
import { ownerOf, rangesOf } from "../network/wanted.ts";

/** The networks that have one of these names, or an address of these subnets. */
export function networkFacts(
  names: readonly string[],
  subnets: readonly string[],
  networks: readonly EngineNetwork[],
): NetworkFact[] {
  const wanted = subnets.flatMap((text) => parseIpRange(text) ?? []);
  return networks
    .filter((network) => names.includes(network.Name) || rangesOf(network).some((one) => meets(one, wanted)))
    .map((network) => {
      return { name: network.Name, stack: ownerOf(network) ?? "", subnets: rangesOf(network).map(ipRangeText) };
    });
}

/** The routes to addresses of these subnets. */
export function routeFacts(subnets: readonly string[], routes: readonly ServerRoute[]): RouteFact[] {
  const wanted = subnets.flatMap((text) => parseIpRange(text) ?? []);
  return routes
    .map(({ subnet, device }) => ({ subnet: subnetText(subnet), device }))
    .filter(({ subnet }) => meets(parseIpRange(subnet), wanted));
}

function meets(range: IpRange | undefined, wanted: readonly IpRange[]): boolean {
  return range !== undefined && wanted.some((one) => rangesOverlap(one, range));
}
