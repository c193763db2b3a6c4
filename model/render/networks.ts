import { inColour } from "../stack/names.ts";
import type { JsonMap } from "../json.ts";
import type { Place } from "../stack/network/places.ts";
import type { StackService } from "../stack/service.ts";

/** The networks of a project as top-level `networks`: external, since the verb `networks` creates them. */
export function networksField(places: readonly Pick<Place, "key" | "name">[]): JsonMap {
  const entries = places.map(({ key, name }): [string, JsonMap] => [key, { external: true, name }]);
  return entries.length === 0 ? {} : { networks: Object.fromEntries(entries) };
}

/** Where a service is: its networks, or the `network_mode` in their place. */
export function placeFields({ places, part, compose: { networkMode } }: StackService): JsonMap {
  if (networkMode === undefined)
    return { networks: Object.fromEntries(places.map(({ key, fields }) => [key, fields])) };
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
