import type { Problem } from "../problem.ts";
import { adopting, dataAdoptionOf } from "./data-adoption.ts";
import { placeText, wordFor } from "../data-place.ts";
import {
  dataLosses,
  expectedData,
  holds,
  restoring,
  type DataFacts,
  type DataLoss,
  type GuardedVolume,
} from "./data-loss.ts";
import type { LastHostOutputs } from "./last-outputs.ts";
import type { VolumeFact } from "./observation.ts";

/** A data volume or folder that a stack wants. */
export interface WantedVolume extends GuardedVolume {
  /** All volumes that the stack wants on the server. */
  readonly wanted: readonly string[];
  /** The stack's value of `adopt` for the volume. */
  readonly adopted: string | undefined;
}

/**
 * Requires that a data volume still holds its remembered data (F45, F83, F137), so that a service never starts on an
 * empty volume in place of a lost one. The guard on the server asks the same before each start.
 */
export function ensureDataIsThere(volume: WantedVolume, facts: DataFacts): Problem[] {
  const found = dataFound(volume, facts);
  if (found === undefined) return [];
  const { losses, adoption, fact } = found;
  const problems = losses.map(({ what, first }) => ({
    path: `services.${volume.service}.data`,
    what,
    todo: `${first} ${adopting(fact, adoption)}`,
  }));
  const accepted = volume.adopted === adoption;
  return [
    ...(accepted ? [] : problems),
    ...(problems.length === 0 || accepted ? externalProblems(volume, fact) : []),
    ...placeProblems(volume, fact),
    ...majorProblems(volume, fact),
  ];
}

/** A volume that the compose file calls external holds data from elsewhere, so none is made in its place (M3). */
function externalProblems({ volume, service, external }: GuardedVolume, { exists }: VolumeFact): Problem[] {
  if (external !== true || exists) return [];
  const what = `${placeText(volume)} is external in the compose file, and is not on this server`;
  const todo = `restore it there, or run \`docker volume create ${volume}\` on the server where no data exists yet`;
  return [{ path: `services.${service}.data`, what, todo }];
}

/** The engine keeps the driver and the options with which a volume was made, whatever the compose file says later. */
function placeProblems({ volume, service, elsewhere }: GuardedVolume, { exists, folder }: VolumeFact): Problem[] {
  if (elsewhere === undefined || !exists || folder === elsewhere || folder.startsWith(`${elsewhere} `)) return [];
  const found = /^[0-9.]*$/.test(folder) ? "the engine's own folder" : folder;
  const places = `got '${found}' for '${elsewhere}'`;
  const what = `${placeText(volume)} was made in another place than the compose file says, ${places}`;
  const todo =
    "write `external: true` and its `name` to take it as it is, or name another volume and copy the data into it";
  return [{ path: `services.${service}.data`, what, todo }];
}

/** Tells if a volume holds other data than expected, and the stack accepts it as it is now. */
export function isAdopted(volume: WantedVolume, facts: DataFacts): boolean {
  const found = dataFound(volume, facts);
  return found !== undefined && found.losses.length > 0 && volume.adopted === found.adoption;
}

/** Everything in which a volume is not as the guard wants it, for a report of differences. */
export function dataDifferences(volume: WantedVolume, facts: DataFacts): Pick<DataLoss, "expected" | "found">[] {
  const found = dataFound(volume, facts);
  if (found === undefined) return [];
  const [wrong] = majorProblems(volume, found.fact);
  const major = { expected: `Postgres ${volume.major ?? ""}`, found: `Postgres ${found.fact.major}` };
  return [...found.losses, ...(wrong === undefined ? [] : [major])];
}

/**
 * Requires that a data volume is on the server that held it last. A server that was reinstalled remembers nothing, but
 * the stack's outputs still tell what it held (F12).
 */
export function ensureDataIsOnThisServer(
  volume: WantedVolume,
  facts: DataFacts,
  { data }: Pick<LastHostOutputs, "data">,
): Problem[] {
  const { machine } = facts.host;
  const last = data[volume.volume];
  const found = dataFound(volume, facts);
  // What the server itself knows is told by `ensureDataIsThere`; one volume has one value of `adopt`.
  if (last === undefined || found === undefined || found.fact.remembered !== null || found.losses.length > 0) return [];
  const { fact } = found;
  const adoption = dataAdoptionOf(machine, fact, { remembered: last, owner: "", former: [] });
  if (volume.adopted === adoption || holds(volume.data, fact, last, machine)) return [];
  const held = last.cluster === "" ? "data" : `Postgres cluster ${last.cluster}`;
  const what =
    `${placeText(volume.volume)} held ${held} on machine '${last.machine}' by the stack's outputs, ` +
    `and machine '${machine}' remembers nothing of it`;
  const todo = `${restoring(fact, true)} ${adopting(fact, adoption)}`;
  return [{ path: `services.${volume.service}.data`, what, todo }];
}

interface DataFound {
  readonly fact: VolumeFact;
  readonly losses: readonly DataLoss[];
  /** The value of `adopt` that accepts the volume as it is. */
  readonly adoption: string;
}

function dataFound(volume: WantedVolume, facts: DataFacts): DataFound | undefined {
  const fact = facts.volumes.find((other) => other.volume === volume.volume);
  if (fact === undefined) return undefined;
  const expected = expectedData(volume, volume.wanted, facts);
  const losses = dataLosses(volume, fact, expected, facts);
  return { fact, losses, adoption: dataAdoptionOf(facts.host.machine, fact, expected) };
}

/** Postgres does not start on files of another major version (F46). */
function majorProblems({ volume, service, major }: GuardedVolume, found: VolumeFact): Problem[] {
  if (major === undefined || found.major === "" || found.major === major) return [];
  return [
    {
      path: `services.${service}.image`,
      what: `is Postgres ${major}, but ${placeText(volume)} was made by Postgres ${found.major}`,
      todo: `upgrade the data first (dump and restore into a new ${wordFor(volume)}), or keep the major`,
    },
  ];
}
