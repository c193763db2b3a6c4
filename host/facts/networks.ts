import type { NetworkFact, RouteFact } from "../../model/facts/observation.ts";
import { overlap, parseSubnet, subnetText, type Subnet } from "../../model/subnet.ts";
import type { EngineNetwork } from "../docker/engine.ts";
import type { ServerRoute } from "../network/routes.ts";
import { ownerOf, subnetsOf } from "../network/wanted.ts";

/** The networks that have one of these names, or an address of these subnets. */
export function networkFacts(
  names: readonly string[],
  subnets: readonly string[],
  networks: readonly EngineNetwork[],
): NetworkFact[] {
  const wanted = subnets.flatMap((text) => parseSubnet(text) ?? []);
  return networks
    .filter((network) => names.includes(network.Name) || subnetsOf(network).some((one) => meets(one, wanted)))
    .map((network) => {
      return { name: network.Name, stack: ownerOf(network) ?? "", subnets: subnetsOf(network).map(subnetText) };
    });
}

/** The routes to addresses of these subnets. */
export function routeFacts(subnets: readonly string[], routes: readonly ServerRoute[]): RouteFact[] {
  const wanted = subnets.flatMap((text) => parseSubnet(text) ?? []);
  return routes
    .filter(({ subnet }) => meets(subnet, wanted))
    .map(({ subnet, device }) => ({ subnet: subnetText(subnet), device }));
}

function meets(subnet: Subnet, wanted: readonly Subnet[]): boolean {
  return wanted.some((one) => overlap(one, subnet));
}
