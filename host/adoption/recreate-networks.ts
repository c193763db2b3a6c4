import { messageOf } from "../../model/problem.ts";
import type { NetworkDescription } from "../docker/descriptions.ts";
import type { EngineNetwork } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import { networksByName } from "../network/by-name.ts";
import { ownerOf } from "../network/wanted.ts";
import type { Adoption } from "../state/adoption-memory.ts";
import type { Work } from "../work.ts";
import { networkRequest } from "./recreation.ts";

/** Recreates the networks of a hand-made project that are not there. */
export async function recreateNetworks({ containers, networks }: Adoption, work: Work): Promise<void> {
  const there = await networksByName(work);
  for (const description of networks) {
    const found = there.get(description.Name);
    if (found !== undefined) requireFree(found, work);
    else await recreateNetwork(description, hasFixedAddresses(description.Name, containers), work);
  }
  work.changed();
}

function requireFree(network: EngineNetwork, { number }: Work): void {
  const owner = ownerOf(network);
  if (owner === "") return;
  const what = `network '${network.Name}' is still one of stack ${owner ?? ""} (document ${number})`;
  throw new Failure(
    "adoption",
    `${what}; remove the stack with \`slipway adopt --undo\`, which starts what ran before`,
  );
}

/** The engine gives the addresses of a network that is gone to the next one, so somebody may have them by now. */
async function recreateNetwork(description: NetworkDescription, fixed: boolean, work: Work): Promise<void> {
  const spec = networkRequest(description);
  try {
    await work.engine.createNetwork(spec);
  } catch (error) {
    if (fixed || !/overlaps/i.test(messageOf(error))) throw error;
    work.say("adoption", `network '${spec.Name}' gets other addresses, since another network has those that it had`);
    await work.engine.createNetwork({ ...spec, IPAM: undefined });
  }
}

function hasFixedAddresses(network: string, containers: Adoption["containers"]): boolean {
  return containers.some(({ description }) => {
    const config = description.NetworkSettings.Networks[network]?.IPAMConfig;
    return typeof config === "object" && config !== null && Object.values(config).some((value) => value !== "");
  });
}
