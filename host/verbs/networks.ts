import { z } from "zod";
import type { Difference } from "../../model/facts/observation.ts";
import { Engine, type EngineNetwork } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import type { Verb } from "./verb.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";

/** The label that says which stack a network is of. */
const stackLabel = "slipway.stack";

const memorySchema = z.array(z.string());

/** The networks between the compose projects of one stack. Others of that name are never touched. */
export const networks: Verb<"networks"> = {
  kind: "networks",

  async differences(body, view) {
    const there = await byName(view);
    return Object.keys(body.networks).flatMap((name): Difference[] => {
      const owner = ownerOf(there.get(name));
      if (owner === view.places.stack) return [];
      const found = owner === undefined ? "missing" : "made by somebody else";
      return [{ where: `network ${name}`, expected: `made for ${view.places.stack}`, found }];
    });
  },

  async apply(body, work) {
    const wanted = Object.keys(body.networks);
    const there = await byName(work);
    for (const name of wanted) await ensure(name, there.get(name), work);
    await removeExcept(wanted, remembered(work), there, work);
    work.state.remember(work.object, wanted);
    return {};
  },

  async remove(body, work) {
    const known = new Set([...remembered(work), ...Object.keys(body.networks)]);
    await removeExcept([], [...known].sort(), await byName(work), work);
  },
};

async function byName(view: View): Promise<ReadonlyMap<string, EngineNetwork>> {
  return new Map((await view.networks()).map((network) => [network.Name, network]));
}

/** The stack that a network is labelled for, empty if it has no label; undefined where there is no network. */
function ownerOf(network: EngineNetwork | undefined): string | undefined {
  return network === undefined ? undefined : (network.Labels?.[stackLabel] ?? "");
}

function remembered({ state, object }: Work): readonly string[] {
  return state.memory(object, memorySchema) ?? [];
}

async function ensure(name: string, network: EngineNetwork | undefined, work: Work): Promise<void> {
  const { stack } = work.places;
  const owner = ownerOf(network);
  if (owner === stack) return;
  if (owner !== undefined) {
    const what = `a network '${name}' is there already and is not of ${stack} (document ${work.number})`;
    throw new Failure("networks", `${what}; choose another \`project\`, or remove the network if nothing uses it`);
  }
  await Engine.during("networks", () => work.engine.createNetwork(name, { [stackLabel]: stack }));
  work.changed();
}

async function removeExcept(
  kept: readonly string[],
  names: readonly string[],
  there: ReadonlyMap<string, EngineNetwork>,
  work: Work,
): Promise<void> {
  for (const name of names) {
    const network = there.get(name);
    if (network === undefined || kept.includes(name) || ownerOf(network) !== work.places.stack) continue;
    await Engine.during("networks", () => work.engine.removeNetwork(network.Id));
    work.changed();
  }
}
