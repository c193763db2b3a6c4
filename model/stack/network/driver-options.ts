import { bridgeOption } from "../../bridge.ts";
import type { Problem } from "../../problem.ts";
import type { StackNetwork } from "./networks.ts";

/** Options that neither open a network nor meet anything else on the server. */
const harmless = new Set([
  bridgeOption, // refused where something else has that name
  "com.docker.network.bridge.enable_icc",
  "com.docker.network.bridge.enable_ip_masquerade",
  "com.docker.network.container_iface_prefix",
  "com.docker.network.driver.mtu",
  "com.docker.network.endpoint.ifname",
]);

/** Tells an option after which others may reach the containers of a network. One that is not known may do so. */
export function mayOpen(option: string): boolean {
  return !harmless.has(option);
}

/** The bridge that a network of the file names; undefined where the engine names it. */
export function bridgeOf({ settings }: Pick<StackNetwork, "settings">): string | undefined {
  return settings.options?.[bridgeOption];
}

/** Requires that a network which names its bridge can have it. The engine removes the bridge with the network. */
export function ensureBridgesCanBe({ networks }: { readonly networks: readonly StackNetwork[] }): Problem[] {
  return networks.flatMap((network, index) => {
    const bridge = bridgeOf(network);
    if (bridge === undefined) return [];
    const isTaken = networks.slice(0, index).some((other) => bridgeOf(other) === bridge);
    const fault = isTaken ? "that another network of the stack has" : faultOf(bridge);
    if (fault === undefined) return [];
    const what = `names a bridge ${fault} in driver_opts, got '${bridge}'`;
    return [{ path: `compose.networks.${network.key}`, what, todo: `remove ${bridgeOption}, or give it another name` }];
  });
}

function faultOf(bridge: string): string | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/.test(bridge)) return "that Linux does not take";
  if (bridge === "docker0") return "that is the engine's own";
  return /^(br-|veth|lo$)/.test(bridge) ? "as the engine names those of others" : undefined;
}
