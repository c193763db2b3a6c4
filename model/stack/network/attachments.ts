import type { JsonMap } from "../../json.ts";
import { omit } from "../../compose/value.ts";
import type { ServiceBase } from "../service.ts";
import { namesIn } from "./names.ts";
import type { NetworkGroup, StackNetwork } from "./networks.ts";

/** A network that a container joins when it is made. */
export interface Attachment {
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

/** The networks of the file that a service joins, or those in their place for its colour. */
export function attachmentsOf(
  service: ServiceBase,
  groups: readonly NetworkGroup[],
  all: readonly ServiceBase[],
): Attachment[] {
  return groups.flatMap((group) => {
    const own = service.compose.networks[group.name];
    if (own === undefined) return [];
    const { fields } = own;
    const names = namesIn(group.name, service, all).filter((name) => name !== service.name);
    if (service.part === "release") return colourAttachments(group, service, { fields, names });
    const { main } = group;
    const aliases = names.length > 0 ? { aliases: names } : {};
    return main === undefined ? [] : [{ ...attachmentTo(main), fields: { ...fields, ...aliases } }];
  });
}

/**
 * In the network itself a release service has no name but that with its colour. Its plain names are in the network of
 * its colour alone, so that a release never calls the other one.
 */
function colourAttachments(
  { main, ofColour: own }: NetworkGroup,
  { name }: ServiceBase,
  { fields, names }: { readonly fields: JsonMap; readonly names: readonly string[] },
): Attachment[] {
  const kept = omit(fields, singular);
  const priority = fields["priority"] === undefined ? {} : { priority: fields["priority"] };
  const aliases = { aliases: [name, ...names] };
  if (main === undefined) return [{ ...own, fields: { ...kept, ...aliases } }];
  return [
    { ...attachmentTo(main), fields: kept },
    { ...own, fields: { ...priority, ...aliases } },
  ];
}

function attachmentTo({ key, name, settings: { options } }: StackNetwork): Omit<Attachment, "fields"> {
  return { key, name, ...(options !== undefined && { options }) };
}
