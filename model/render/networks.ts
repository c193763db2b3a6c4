import { inColour } from "../stack/names.ts";
import type { JsonMap } from "../json.ts";
import type { Attachment } from "../stack/network/attachments.ts";
import type { StackService } from "../stack/service.ts";

/** The networks of a project as top-level `networks`: external, since the verb `networks` creates them. */
export function networksField(networks: readonly Pick<Attachment, "key" | "name">[]): JsonMap {
  const entries = networks.map(({ key, name }): [string, JsonMap] => [key, { external: true, name }]);
  return entries.length === 0 ? {} : { networks: Object.fromEntries(entries) };
}

/** The networks of a service, or its `network_mode`. */
export function networkFields({ attachments, part, compose: { networkMode } }: StackService): JsonMap {
  if (networkMode === undefined)
    return { networks: Object.fromEntries(attachments.map(({ key, fields }) => [key, fields])) };
  switch (networkMode.kind) {
    case "service": {
      const { service } = networkMode;
      return { network_mode: `service:${part === "release" ? inColour(service) : service}` };
    }
    case "container":
      return { network_mode: `container:${networkMode.container}` };
    default:
      return { network_mode: networkMode.kind };
  }
}
