import { Buffer } from "node:buffer";
import { addressPlaceholder } from "../../model/placeholders.ts";
import type { View } from "../view.ts";
import { NetworkMemory } from "./memory.ts";
import { fixedAddress } from "./wanted.ts";

/** Fills in the proxy's addresses in the networks of the stack, which only the server knows. */
export async function withAddresses(view: View): Promise<(content: Uint8Array) => Uint8Array> {
  const own = new Set(new NetworkMemory(view.state).names);
  const addresses = (await view.networks()).flatMap((network): (readonly [string, string])[] => {
    const address = own.has(network.Name) ? fixedAddress(network) : undefined;
    return address === undefined ? [] : [[addressPlaceholder(network.Name), address]];
  });
  return (content) => {
    const text = Buffer.from(content).toString("utf8");
    return Buffer.from(
      addresses.reduce((filled, [placeholder, address]) => filled.replaceAll(placeholder, address), text),
    );
  };
}
