import type { EngineNetwork } from "../docker/engine.ts";
import type { View } from "../view.ts";

/** The networks of a server by their names. */
export async function networksByName(view: View): Promise<ReadonlyMap<string, EngineNetwork>> {
  return new Map((await view.networks()).map((network) => [network.Name, network]));
}
