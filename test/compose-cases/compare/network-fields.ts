import { mapOf, textOf, type JsonMap } from "../../../model/json.ts";
import type { Comparison } from "./comparison.ts";
import { compareValues, leavesOf, type Difference } from "./difference.ts";

/** What reach compares by its meaning. */
const elsewhere: ReadonlySet<string> = new Set(["name", "internal", "external", "aliases"]);

/** Compares what a network is besides its members, and what a service is in it: driver, addresses, priorities. */
export function compareNetworkFields(comparison: Comparison): Difference[] {
  return [...wholeNetworks(comparison), ...places(comparison)];
}

function wholeNetworks({ original, server, config }: Comparison): Difference[] {
  return Object.entries(mapOf(original["networks"])).flatMap(([key, entry]) => {
    const network = mapOf(entry);
    const name = textOf(network["name"]) ?? "";
    // Others join a network by a name that its file gives it.
    const named = name !== `${config.project}_${key}` && network["external"] !== true;
    const inParts = server.parts
      .map(({ json }) => mapOf(json["networks"]))
      .flatMap((networks) => Object.values(networks));
    const declared = inParts.map((one) => mapOf(one)).find((one) => one["name"] === name);
    const made = server.networks.get(name) ?? declared ?? {};
    const where = { aspect: "networks", service: "" } as const;
    const isThere = server.networks.has(name) || declared !== undefined;
    return compareValues(
      where,
      `${name}.`,
      { ...fieldsOf(network), ...(named && { name }) },
      { ...fieldsOf(made), ...(named && isThere && { name }) },
    );
  });
}

function places({ pairs, original }: Comparison): Difference[] {
  return pairs.flatMap(({ name, original: service, found, part }) => {
    const where = { aspect: "networks", service: name } as const;
    return compareValues(
      where,
      "place in ",
      placesOf(service, mapOf(original["networks"])),
      placesOf(found, mapOf(part.json["networks"])),
    );
  });
}

/** The fields of each place by the real name of its network. A place without any is none of this file's. */
function placesOf({ networks }: JsonMap, file: JsonMap): JsonMap {
  const entries = Object.entries(mapOf(networks)).map(([key, place]) => {
    return [textOf(mapOf(file[key])["name"]) ?? key, fieldsOf(mapOf(place))] as const;
  });
  return leavesOf(Object.fromEntries(entries.filter(([, fields]) => Object.keys(fields).length > 0)));
}

function fieldsOf(map: JsonMap): JsonMap {
  const own = Object.entries(leavesOf(map)).filter(
    ([key, value]) => !elsewhere.has(key.split(".")[0] ?? "") && !isEmpty(value) && !isDefault(key, value),
  );
  return Object.fromEntries(own);
}

/** The engine's own default on one server. */
function isDefault(key: string, value: unknown): boolean {
  return (key === "driver" && value === "bridge") || (key === "ipam.driver" && value === "default");
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}
