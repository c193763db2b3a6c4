import type { Observation, VolumeFact } from "./observation.ts";
import type { Problem } from "../problem.ts";
import { dataFile } from "../server-places.ts";
import type { LastHostOutputs } from "./last-outputs.ts";

/** A data volume as far as the guard knows it. */
export interface GuardedVolume {
  /** Its name on the server. */
  readonly volume: string;
  /** The service that owns the data. */
  readonly service: string;
  readonly data: "postgres" | "files";
  /** The major version of Postgres, if an image's tag tells it. */
  readonly major: string | undefined;
}

/** A data volume with the stack that owns the data. */
interface OwnedVolume extends GuardedVolume {
  readonly stack: string;
}

/**
 * Requires that a data volume still holds its remembered data (F45, F83), so that a service never starts on an empty
 * volume in place of a lost one. host/volume.sh checks the same before each start.
 */
export function ensureDataIsThere(volume: OwnedVolume, observation: Observation): Problem[] {
  const fact = observation.volumes.find((other) => other.volume === volume.volume);
  if (fact === undefined) return [];
  return [
    ...ownerProblems(volume, fact, observation),
    ...otherVolumeProblems(volume, fact, observation),
    ...lossProblems(volume, fact, observation),
  ];
}

/**
 * Requires that a data volume is on the server that held it last. A server that was reinstalled remembers nothing, but
 * the stack's outputs still tell what it held (F12). `adopted` is a machine that the user accepts all the same.
 */
export function ensureDataIsOnThisServer(
  { volume, service }: GuardedVolume,
  adopted: string | undefined,
  { volumes, host: { machine } }: Observation,
  { data }: LastHostOutputs,
): Problem[] {
  const last = data[volume];
  const fact = volumes.find((other) => other.volume === volume);
  if (last === undefined || fact === undefined || fact.remembered !== null || adopted === machine) return [];
  if (last.machine === machine && fact.cluster === last.cluster && fact.exists) return [];
  const held = last.cluster === "" ? "data" : `Postgres cluster ${last.cluster}`;
  const what =
    `volume '${volume}' held ${held} on machine '${last.machine}' by the stack's outputs, ` +
    `and machine '${machine}' remembers nothing of it`;
  const command = `pulumi config set --path 'adopt["${volume}"]' ${machine}`;
  const effect = "which takes what this machine holds: nothing, where nothing was restored";
  return [
    { path: `services.${service}.data`, what, todo: `restore the volume here, then run \`${command}\`, ${effect}` },
  ];
}

/** Another stack's abandoned data is not taken by accident (F83). A deployed stack is protected by its claim. */
function ownerProblems(
  { volume, service }: GuardedVolume,
  { owner, remembered }: VolumeFact,
  { claims }: Observation,
): Problem[] {
  const deployed = claims.some((claim) => claim.stack === owner && claim.volumes.includes(volume));
  if (owner === "" || remembered !== null || deployed) return [];
  const what = `volume '${volume}' holds the data of '${owner}', which is not deployed now`;
  const todo = `choose another project, or ${forgetting(owner, volume)}: this stack then takes what is there`;
  return [{ path: `services.${service}.data`, what, todo }];
}

/** Postgres would start an empty cluster in a volume other than the one with its data. */
function otherVolumeProblems(
  { volume, service, data, stack }: OwnedVolume,
  { remembered }: VolumeFact,
  { volumes }: Observation,
): Problem[] {
  if (data !== "postgres" || remembered !== null) return [];
  return volumes
    .filter((other) => other.remembered?.service === service && other.remembered.cluster !== "")
    .map((other) => ({
      path: `services.${service}.data`,
      what:
        `volume '${volume}' is not where the Postgres cluster of '${service}' is, ` +
        `which is volume '${other.volume}'`,
      todo: `name that volume again, or ${forgetting(stack, other.volume)}: ${nextRun}`,
    }));
}

function lossProblems(wanted: OwnedVolume, found: VolumeFact, { host }: Observation): Problem[] {
  const what = lostData(wanted, found, host.machine);
  if (what === undefined) return majorProblems(wanted, found);
  const todo = `restore the volume and run again, or ${forgetting(wanted.stack, wanted.volume)}: ${nextRun}`;
  return [{ path: `services.${wanted.service}.data`, what, todo }];
}

/** The words of host/volume.sh. */
const nextRun = "the next run takes what is there, and starts with an empty volume if there is none";

/** The way to give up data: the guard remembers it in this file alone. */
function forgetting(stack: string, volume: string): string {
  return `remove '${dataFile(stack, volume)}' on the server, which makes slipway forget that data`;
}

function lostData({ volume, data }: GuardedVolume, found: VolumeFact, machine: string): string | undefined {
  const { remembered, exists, cluster } = found;
  if (remembered === null) return undefined;
  if (remembered.machine !== machine) {
    return `volume '${volume}' was remembered on another machine, got '${machine}' for '${remembered.machine}'`;
  }
  if (!exists) return `volume '${volume}' is gone, which held data`;
  if (data !== "postgres" || remembered.cluster === "" || cluster === remembered.cluster) return undefined;
  if (cluster === "") return `volume '${volume}' is empty, which held Postgres cluster ${remembered.cluster}`;
  return `volume '${volume}' holds another Postgres cluster, got ${cluster} for ${remembered.cluster}`;
}

/** Postgres does not start on files of another major version (F46). */
function majorProblems({ volume, service, major }: GuardedVolume, found: VolumeFact): Problem[] {
  if (major === undefined || found.major === "" || found.major === major) return [];
  return [
    {
      path: `services.${service}.image`,
      what: `is Postgres ${major}, but volume '${volume}' was made by Postgres ${found.major}`,
      todo: "upgrade the data first (dump and restore into a new volume), or keep the major",
    },
  ];
}
