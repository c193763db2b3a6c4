import { Claims } from "../claims/claims.ts";
import type { Work } from "../work.ts";
import { networksByName } from "./by-name.ts";
import { NetworkMemory } from "./memory.ts";
import { removeNetwork } from "../docker/remove-network.ts";
import { ownerOf } from "./wanted.ts";

/**
 * Removes the networks of the stack that its document no longer names, as soon as no container is in them, not even one
 * that is stopped: a release that is kept to switch back to starts in the networks that it had.
 */
export async function removeUnused(work: Work, wanted = wantedNow(work)): Promise<void> {
  const memory = new NetworkMemory(work.state);
  const left = memory.names.filter((name) => !wanted.includes(name));
  if (left.length === 0) return;
  const used = new Set((await work.containers()).flatMap(({ networks }) => [...networks.keys()]));
  await removeNetworks(
    left.filter((name) => !used.has(name)),
    work,
  );
}

/** Removes those of these networks that are of the stack, and forgets all of them, with the subnets they had. */
export async function removeNetworks(names: readonly string[], work: Work): Promise<void> {
  const memory = new NetworkMemory(work.state);
  const there = await networksByName(work);
  for (const name of names) {
    const network = there.get(name);
    if (network !== undefined && ownerOf(network) === work.places.stack) await removeNetwork(network, "networks", work);
    memory.forget(name);
  }
  const { places } = work;
  new Claims(places).writeChosen(places.stack, memory.chosen);
}

/** The networks of the document that was applied last. */
function wantedNow({ state }: Work): readonly string[] {
  return Object.keys(state.body("networks")?.networks ?? {});
}
