import { parse } from "yaml";
import { z } from "zod";
import type { Json } from "../../model/json.ts";
import type { ServerPort } from "../../model/server-port.ts";
import { publishedTargets } from "../../model/stack/port/container-ports.ts";
import { suggestedMap, suggestedPlaces } from "../../model/stack/port/suggestion.ts";
import type { StackService } from "../../model/stack/service.ts";

/** The places of the ports that services publish, as the advice of a plan has them: none that is `taken`. */
export function proposedPorts(services: readonly StackService[], taken: readonly ServerPort[]): Record<string, Json> {
  const publishing = services.filter(({ part, compose }) => part !== "migration" && compose.ports.length > 0);
  return Object.fromEntries(publishing.map((service) => [service.name, placesOf(service, taken)]));
}

function placesOf(service: StackService, taken: readonly ServerPort[]): Json {
  const [first, ...more] = publishedTargets(service.compose.ports);
  const isMap = first === undefined || more.length > 0;
  const text = isMap ? suggestedMap(service, undefined, taken) : suggestedPlaces(service, first, taken);
  return z.json().parse(parse(text));
}
