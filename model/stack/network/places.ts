import type { JsonMap } from "../../json.ts";
import { omit } from "../../compose/value.ts";
import type { ServiceBase } from "../service.ts";
import { namesIn } from "./names.ts";
import type { NetworkGroup, StackNetwork } from "./networks.ts";

/** A container's place in a network that it joins when it is made. */
export interface Place {
  /** The network's name in the compose file, and on the server. */
  readonly key: string;
  readonly name: string;
  /** Its names and addresses there, in Compose's form. */
  readonly fields: JsonMap;
  /** What the file says to the network's driver. @default nothing */
  readonly options?: Readonly<Record<string, string>>;
}

/** What only one container can have in a network, so that no release service can. */
export const singular = ["ipv4_address", "ipv6_address", "link_local_ips", "mac_address"];

/** The places of a service in the networks of the file, or in those that take their place for its colour. */
export function placesOf(service: ServiceBase, groups: readonly NetworkGroup[], all: readonly ServiceBase[]): Place[] {
  return groups.flatMap((group) => {
    const own = service.compose.networks[group.name];
    if (own === undefined) return [];
    const { fields } = own;
    const names = namesIn(group.name, service, all).filter((name) => name !== service.name);
    if (service.part === "release") return colourPlaces(group, service, { fields, names });
    const { main } = group;
    const aliases = names.length > 0 ? { aliases: names } : {};
    return main === undefined ? [] : [{ ...placeIn(main), fields: { ...fields, ...aliases } }];
  });
}

/**
 * In the network itself a release service has no name but that with its colour. Its plain names are in the network of
 * its colour alone, so that a release never calls the other one.
 */
function colourPlaces(
  { main, ofColour: own }: NetworkGroup,
  { name }: ServiceBase,
  { fields, names }: { readonly fields: JsonMap; readonly names: readonly string[] },
): Place[] {
  const kept = omit(fields, singular);
  const priority = fields["priority"] === undefined ? {} : { priority: fields["priority"] };
  const aliases = { aliases: [name, ...names] };
  if (main === undefined) return [{ ...own, fields: { ...kept, ...aliases } }];
  return [
    { ...placeIn(main), fields: kept },
    { ...own, fields: { ...priority, ...aliases } },
  ];
}

function placeIn({ key, name, settings: { options } }: StackNetwork): Omit<Place, "fields"> {
  return { key, name, ...(options !== undefined && { options }) };
}
