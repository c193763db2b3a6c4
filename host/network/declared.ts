import { Buffer } from "node:buffer";
import { parse } from "yaml";
import { z } from "zod";

const fileSchema = z.looseObject({
  networks: z.record(z.string(), z.looseObject({ name: z.string().optional() }).nullable()).nullish(),
});

/** The networks of a compose file of slipway, by their names on the server. */
export function declaredNetworks(compose: Uint8Array): ReadonlySet<string> {
  const { networks } = fileSchema.parse(parse(Buffer.from(compose).toString("utf8")));
  return new Set(Object.entries(networks ?? {}).map(([key, network]) => network?.name ?? key));
}
