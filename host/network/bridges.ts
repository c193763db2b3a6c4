import { readdirSync } from "node:fs";
import { bridgeOption } from "../../model/bridge.ts";
import type { BridgeFact } from "../../model/facts/observation.ts";
import type { EngineNetwork } from "../docker/engine.ts";

/** The kernel's folder with an entry for each interface. */
const links = "/sys/class/net";

/** The interfaces of this server with one of these names, each with the network that has it for its bridge. */
export function bridgeFacts(
  names: readonly string[],
  networks: readonly EngineNetwork[],
  there: readonly string[] = names.length === 0 ? [] : readdirSync(links),
): BridgeFact[] {
  return there
    .filter((name) => names.includes(name))
    .map((name) => ({
      name,
      network: networks.find(({ Options: options }) => options?.[bridgeOption] === name)?.Name ?? "",
    }));
}
