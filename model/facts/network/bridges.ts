import type { Problem } from "../../problem.ts";
import type { Observation } from "../observation.ts";

/** A network that names its bridge. */
export interface NamedBridge {
  /** The network's name in the file, and on the server. */
  readonly key: string;
  readonly network: string;
}

/**
 * Requires that no bridge of somebody else has the name that a network of the stack gives its own: the engine would
 * take it, and remove it with the network, with everybody's way to it.
 */
export function ensureBridgesAreFree(
  stack: string,
  wanted: Readonly<Record<string, NamedBridge>>,
  { bridges, networks }: Pick<Observation, "bridges" | "networks">,
): Problem[] {
  const own = new Set(networks.filter((network) => network.stack === stack).map(({ name }) => name));
  return bridges.flatMap(({ name, network }) => {
    const one = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
    if (one === undefined || (network === one.network && own.has(network))) return [];
    const by = network === "" ? "" : ` of the network '${network}'`;
    const what = `names a bridge in driver_opts that the server has already${by}, got '${name}'`;
    return [{ path: `compose.networks.${one.key}`, what, todo: "remove that option, or give the bridge another name" }];
  });
}
