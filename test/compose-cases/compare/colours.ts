import { listOf, mapOf, textOf, type JsonMap } from "../../../model/json.ts";
import { serviceInColour } from "../../../model/colour.ts";
import { shownColour } from "../../../model/report/server-files.ts";
import type { Comparison, Pair } from "./comparison.ts";
import type { Difference } from "./difference.ts";

/** Names what both colours of a release would have at the same time, and only one may. */
export function compareColours({ pairs }: Pick<Comparison, "pairs">): Difference[] {
  return pairs.filter(({ part }) => part.kind === "release").flatMap(sharedByColours);
}

function sharedByColours(pair: Pair): Difference[] {
  const { name, found, part } = pair;
  const fault = (field: string, value: string): Difference => {
    return {
      aspect: "parts",
      service: name,
      field,
      expected: "in one colour alone",
      found: `${value}, in both colours`,
    };
  };
  const own = ["container_name", "hostname", "mac_address"].flatMap((field) => {
    const value = textOf(found[field]);
    return value === undefined || value.includes(shownColour) ? [] : [fault(field, value)];
  });
  const ports = listOf(found["ports"]).map((entry) => fault("ports", textOf(mapOf(entry)["published"]) ?? "any port"));
  const networks = Object.entries(mapOf(found["networks"])).flatMap(([key, place]) => {
    const network = textOf(mapOf(mapOf(part.json["networks"])[key])["name"]) ?? key;
    return network.includes(shownColour) ? [] : sharedPlace(name, mapOf(place)).map((value) => fault(network, value));
  });
  return [...own, ...ports, ...networks];
}

/** The addresses and names that a service has in a network of both colours. */
function sharedPlace(service: string, place: JsonMap): string[] {
  const addresses = ["ipv4_address", "ipv6_address", "mac_address"].map((field) => textOf(place[field]));
  const aliases = listOf(place["aliases"]).map((alias) => textOf(alias));
  const inColour = serviceInColour(service, shownColour);
  return [...addresses, ...aliases].flatMap((value) => (value === undefined || value === inColour ? [] : [value]));
}
