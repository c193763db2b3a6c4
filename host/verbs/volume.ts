import { adoptsOn } from "../../model/facts/data-adoption.ts";
import { isFolder, placeText, wordFor } from "../../model/data-place.ts";
import { dataDifferences, ensureDataIsThere, isAdopted } from "../../model/facts/volumes.ts";
import type { Body } from "../../model/document/bodies.ts";
import { messageOf } from "../../model/problem.ts";
import { DataMemories } from "../data/data-memory.ts";
import { requireData } from "../data/guard.ts";
import { claimedVolumes, dataNow, guardedData, type GuardedData } from "../data/guarded-volume.ts";
import { makeFolder, outermostFolder } from "../data/data-folder.ts";
import { Engine } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import type { Verb } from "./verb.ts";
import type { Work } from "../work.ts";

/**
 * A data volume, or a data folder: it is made where nothing is remembered of it, holds what it held before, and is
 * never deleted or emptied. A volume has the labels of the compose file and none of slipway's own, because one that is
 * there cannot be given any.
 */
export const volume: Verb<"volume"> = {
  kind: "volume",

  async differences(body, view) {
    const { wanted, fact, facts } = await guardedData(body, view);
    const differences = dataDifferences(wanted, facts);
    const word = wordFor(body.volume);
    const missing = !fact.exists && differences.length === 0 ? [{ expected: `a ${word}`, found: "missing" }] : [];
    return [...differences, ...missing].map(({ expected, found }) => {
      return { where: `${word} ${body.volume}`, expected, found };
    });
  },

  async apply(body, work) {
    const before = await guardedData(body, work);
    const adopted = isAdopted(before.wanted, before.facts);
    requireExpected(before, work);
    if (!before.fact.exists) await create(body, work);
    const fresh = before.fact.remembered === null && adoptsOn(before.facts.host.machine, body.adopt);
    if (adopted || fresh) adopt(await guardedData(body, work), work);
    else requireData(await guardedData(body, work), work.number);
    return {};
  },

  remove({ volume: name }, work) {
    const way = isFolder(name) ? "remove the folder by hand to delete its data for good" : deleting;
    work.say("volume", `keeps ${placeText(name)} and what is remembered of it; ${way}`);
    return Promise.resolve();
  },
};

const deleting = "`docker volume rm` deletes data for good";

function requireExpected({ wanted, facts }: GuardedData, { number }: Work): void {
  const [problem] = ensureDataIsThere(wanted, facts);
  if (problem !== undefined) throw new Failure("volume", `${problem.what} (document ${number}); ${problem.todo}`);
}

async function create({ volume: name, making }: Body<"volume">, work: Work): Promise<void> {
  if (isFolder(name)) createFolder(name, work);
  else await Engine.during("volume", () => work.engine.createVolume(name, making));
  work.changed();
}

function createFolder(path: string, work: Work): void {
  try {
    makeFolder(path, outermostFolder(path, claimedVolumes(work)));
  } catch (error) {
    const what = `cannot make ${placeText(path)} (document ${work.number}): ${messageOf(error)}`;
    throw new Failure("volume", `${what}; look for a file or a link in its path, or a full disk`);
  }
}

/** Remembers a volume at once as it is: the stack accepted it in place of the data that was expected. */
function adopt(data: GuardedData, work: Work): void {
  const { volume, adopt } = data.body;
  const memories = new DataMemories(work.places);
  const { cluster } = data.fact;
  const { folder } = data.wanted;
  const now = { ...dataNow(data), cluster, ...(adopt !== undefined && { adopted: adopt }) };
  memories.write(work.places.stack, volume, now, folder);
  // One volume is the data of one stack: the other one is refused when it comes back.
  if (data.fact.owner !== "") memories.forget(data.fact.owner, volume, folder);
  work.say("volume", `takes '${volume}' as it is now, as the key \`adopt\` says`);
}
