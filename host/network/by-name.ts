import type { EngineNetwork } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";

/** The networks of a server by their names. */
export async function networksByName(view: View): Promise<ReadonlyMap<string, EngineNetwork>> {
  return new Map((await view.networks()).map((network) => [network.Name, network]));
}

/** The failure where somebody removed a network after the verb `networks` had made it. */
export function goneNetwork(name: string, { number }: Pick<Work, "number">): Failure {
  return new Failure("networks", `network '${name}' is gone (document ${number}); run \`pulumi up\` again`);
}
