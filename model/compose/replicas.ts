import { mapOf, type JsonMap } from "../json.ts";

/** The number of containers of a service, by the fields of the compose file; one unless they say otherwise. */
export function replicasOf(fields: JsonMap): number {
  const written = Number(mapOf(fields["deploy"])["replicas"] ?? fields["scale"] ?? 1);
  return Number.isInteger(written) && written >= 0 ? written : 1;
}
