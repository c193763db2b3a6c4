import { adoptsOn } from "../../model/facts/adoption.ts";
import { dataDifferences, ensureDataIsThere, isAdopted } from "../../model/facts/volumes.ts";
import { DataMemories } from "../data/data-memory.ts";
import { requireData } from "../data/guard.ts";
import { dataNow, guardedData, type GuardedData } from "../data/guarded-volume.ts";
import { Engine } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import type { Verb } from "./verb.ts";
import type { Work } from "../work.ts";

/**
 * A data volume: it is made where nothing is remembered of it, holds what it held before, and is never deleted or
 * emptied. It has no labels, because an existing volume cannot be given any.
 */
export const volume: Verb<"volume"> = {
  kind: "volume",

  async differences(body, view) {
    const { wanted, fact, facts } = await guardedData(body, view);
    const differences = dataDifferences(wanted, facts);
    const missing = !fact.exists && differences.length === 0 ? [{ expected: "a volume", found: "missing" }] : [];
    return [...differences, ...missing].map(({ expected, found }) => {
      return { where: `volume ${body.volume}`, expected, found };
    });
  },

  async apply(body, work) {
    const before = await guardedData(body, work);
    const adopted = isAdopted(before.wanted, before.facts);
    requireExpected(before, work);
    if (!before.fact.exists) await create(body.volume, work);
    const fresh = before.fact.remembered === null && adoptsOn(before.facts.host.machine, body.adopt);
    if (adopted || fresh) adopt(await guardedData(body, work), work);
    else requireData(await guardedData(body, work), work.number);
    return {};
  },

  remove(body, work) {
    const what = `keeps volume '${body.volume}' and what is remembered of it`;
    work.say("volume", `${what}; \`docker volume rm\` deletes data for good`);
    return Promise.resolve();
  },
};

function requireExpected({ wanted, facts }: GuardedData, { number }: Work): void {
  const [problem] = ensureDataIsThere(wanted, facts);
  if (problem !== undefined) throw new Failure("volume", `${problem.what} (document ${number}); ${problem.todo}`);
}

async function create(name: string, work: Work): Promise<void> {
  await Engine.during("volume", () => work.engine.createVolume(name));
  work.changed();
}

/** Remembers a volume at once as it is: the stack accepted it in place of the data that was expected. */
function adopt(data: GuardedData, work: Work): void {
  const { volume, adopt } = data.body;
  const memories = new DataMemories(work.places);
  const { cluster } = data.fact;
  memories.write(work.places.stack, volume, {
    ...dataNow(data),
    cluster,
    ...(adopt !== undefined && { adopted: adopt }),
  });
  // One volume is the data of one stack: the other one is refused when it comes back.
  if (data.fact.owner !== "") memories.forget(data.fact.owner, volume);
  work.say("volume", `takes '${volume}' as it is now, as the key \`adopt\` says`);
}
