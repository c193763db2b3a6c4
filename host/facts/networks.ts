import type { NetworkFact, RouteFact } from "../../model/facts/observation.ts";
import { ipRangeText, parseIpRange, rangesOverlap, type IpRange } from "../../model/ip-range.ts";
import { subnetText } from "../../model/subnet.ts";
import type { ObservationScope } from "../../model/facts/scope.ts";
import { composeLabel, type Container } from "../docker/container.ts";
import type { EngineNetwork } from "../docker/engine.ts";
import { foreignMembers } from "../network/members.ts";
import type { ServerRoute } from "../network/routes.ts";
import { ownerOf, rangesOf } from "../network/wanted.ts";

/** The networks that have one of the names, or an address of the subnets; `projects` are those of the stack. */
export function networkFacts(
  { networks: names, subnets, projects }: Pick<ObservationScope, "networks" | "subnets" | "projects">,
  networks: readonly EngineNetwork[],
  containers: readonly Container[],
): NetworkFact[] {
  const wanted = subnets.flatMap((text) => parseIpRange(text) ?? []);
  return networks
    .filter((network) => names.includes(network.Name) || rangesOf(network).some((one) => meets(one, wanted)))
    .map((network) => ({
      name: network.Name,
      stack: ownerOf(network) ?? "",
      project: projectOf(network),
      subnets: rangesOf(network).map(ipRangeText),
      guests: names.includes(network.Name) ? guestsIn(network, projects, containers) : [],
    }));
}

/** Containers of the project for which Compose made a network are no guests there. */
function guestsIn(network: EngineNetwork, projects: readonly string[], containers: readonly Container[]): string[] {
  return foreignMembers(network.Name, [...projects, projectOf(network)], containers);
}

function projectOf({ Labels: labels }: EngineNetwork): string {
  return labels?.[composeLabel.project] ?? "";
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
