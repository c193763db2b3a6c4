import { parse } from "yaml";
import { z } from "zod";
import type { Json } from "../../model/json.ts";
import { publishedTargets } from "../../model/stack/port/container-ports.ts";
import { suggestedMap, suggestedPlaces } from "../../model/stack/port/suggestion.ts";
import type { StackService } from "../../model/stack/service.ts";

/** The places of the ports that services publish, as the advice of a plan has them. */
export function proposedPorts(services: readonly StackService[]): Record<string, Json> {
  const publishing = services.filter(({ part, compose }) => part !== "migration" && compose.ports.length > 0);
  return Object.fromEntries(publishing.map((service) => [service.name, placesOf(service)]));
}

function placesOf(service: StackService): Json {
  const [first, ...more] = publishedTargets(service.compose.ports);
  if (first === undefined || more.length > 0) return z.json().parse(parse(suggestedMap(service, undefined)));
  return z.json().parse(parse(suggestedPlaces(service, first)));
}
