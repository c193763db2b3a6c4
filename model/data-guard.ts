import type { Deployment } from "./deployment.ts";
import type { Observation, VolumeFact } from "./observation.ts";
import type { Problem } from "./problem.ts";
import { volumesOf, type DataVolume } from "./volumes.ts";

/** What was remembered of each data volume is still in it (F45, F83): nothing is ever initialised over what is lost. */
export function ensureDataIsThere(deployment: Deployment, observation: Observation): Problem[] {
  return volumesOf(deployment).flatMap((volume) => {
    const fact = observation.volumes.find((found) => found.volume === volume.volume);
    return fact === undefined
      ? []
      : [...ownerProblems(volume, fact, observation), ...volumeProblems(volume, fact, observation.host.machine)];
  });
}

/** Data that another stack left behind is not taken by accident (F83); what a deployed one holds, its claim says. */
function ownerProblems(
  { volume, service }: DataVolume,
  { owner, remembered }: VolumeFact,
  { claims }: Observation,
): Problem[] {
  const deployed = claims.some((claim) => claim.stack === owner && claim.volumes.includes(volume));
  if (owner === "" || remembered !== null || deployed) return [];
  const what = `volume '${volume}' holds the data of '${owner}', which is not deployed now`;
  return [{ path: `services.${service}.data`, what, todo: "choose another project, or move that data away" }];
}

function volumeProblems(wanted: DataVolume, found: VolumeFact, machine: string): Problem[] {
  const what = lostData(wanted, found, machine);
  if (what === undefined) return majorProblems(wanted, found);
  const todo = `restore the volume and run again, or take what is there with \`slipway adopt ${wanted.service}\``;
  return [{ path: `services.${wanted.service}.data`, what, todo }];
}

function lostData({ volume, data }: DataVolume, found: VolumeFact, machine: string): string | undefined {
  const { remembered, exists, cluster } = found;
  if (remembered === null) return undefined;
  if (remembered.machine !== machine) {
    return `volume '${volume}' was remembered on another machine, got '${machine}' for '${remembered.machine}'`;
  }
  if (!exists) return `volume '${volume}' is gone, which held data`;
  if (data !== "postgres" || cluster === remembered.cluster) return undefined;
  if (cluster === "") return `volume '${volume}' is empty, which held Postgres cluster ${remembered.cluster}`;
  return `volume '${volume}' holds another Postgres cluster, got ${cluster} for ${remembered.cluster}`;
}

/** Another major does not start on these files (F46). */
function majorProblems({ volume, service, major }: DataVolume, found: VolumeFact): Problem[] {
  if (major === undefined || found.major === "" || found.major === major) return [];
  return [
    {
      path: `services.${service}.image`,
      what: `is Postgres ${major}, but volume '${volume}' was made by Postgres ${found.major}`,
      todo: "upgrade the data first (dump and restore into a new volume), or keep the major",
    },
  ];
}
