import { Buffer } from "node:buffer";
import { addressPlaceholder } from "../../model/placeholders.ts";
import type { EngineNetwork } from "../docker/engine.ts";
import type { Work } from "../work.ts";
import { goneNetwork, networksByName } from "./by-name.ts";
import { NetworkMemory } from "./memory.ts";
import { fixedAddress } from "./wanted.ts";

/** Fills in the proxy's addresses in the networks of the stack, which only the server knows. */
export async function withAddresses(work: Work): Promise<(content: Uint8Array) => Uint8Array> {
  const there = await networksByName(work);
  const { names } = new NetworkMemory(work.state);
  return (content) => {
    const text = Buffer.from(content).toString("utf8");
    return Buffer.from(names.reduce((filled, name) => fill(filled, name, there.get(name), work), text));
  };
}

function fill(text: string, name: string, network: EngineNetwork | undefined, work: Work): string {
  const placeholder = addressPlaceholder(name);
  if (!text.includes(placeholder)) return text;
  const address = network && fixedAddress(network);
  if (address === undefined) throw goneNetwork(name, work);
  return text.replaceAll(placeholder, address);
}
