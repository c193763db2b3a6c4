import type { VolumeMount } from "../compose/application.ts";
import type { Problem } from "../problem.ts";
import { folderIn, isInside, pgdataOf, postgresData, postgresHome, type PostgresCluster } from "./postgres.ts";
import type { ServiceBase } from "./service.ts";
import { volumeMount } from "./volumes.ts";

/** Requires that services mount their data volumes, at paths at which the data lies. */
export function ensureVolumesHoldTheirData({ services }: { readonly services: readonly ServiceBase[] }): Problem[] {
  return services
    .filter(({ part }) => part !== "migration")
    .flatMap((service) => [...unmountedData(service), ...postgresProblems(service)]);
}

function unmountedData(service: ServiceBase): Problem[] {
  const { name, settings } = service;
  const volume = settings.data?.volume;
  if (volume === undefined || volumeMount(service, volume) !== undefined) return [];
  const what = `is a volume that the service does not mount, got '${volume}'`;
  return [
    { path: `services.${name}.data.volume`, what, todo: "name the volume of the compose file that holds its data" },
  ];
}

/** Checks the mounts that are meant for the cluster: the data volume, and all volumes in the home of Postgres. */
function postgresProblems(service: ServiceBase): Problem[] {
  const { name, postgres, settings, mounts } = service;
  const set = pgdataOf(service.compose);
  // The session with the server asks for the folder in a line of its own.
  if (set !== undefined && /\p{Cc}/u.test(set)) return [unprintablePath(name, set)];
  const data = settings.data?.volume;
  const meant = mounts
    .filter((mount) => mount.type === "volume")
    .filter(({ source, target }) => (source !== undefined && source === data) || isInside(target, postgresHome));
  if (postgres === undefined || meant.length === 0) return [];
  if (hasUnknownPath(service)) return [unknownPath(name)];
  return meant.flatMap((mount) => mountProblems(name, mount, postgres));
}

/** The path is unknown if it is in a variable, which only the server fills in. */
function hasUnknownPath({ compose, variables }: ServiceBase): boolean {
  const set = pgdataOf(compose);
  return set?.includes("$") ?? (compose.wholeEnvironment && variables.includes("PGDATA"));
}

function unknownPath(name: string): Problem {
  const what = "is a variable, so the folder of the data is not known before the service runs, got 'PGDATA'";
  return { path: `compose.services.${name}.environment`, what, todo: "write the path of PGDATA itself" };
}

function unprintablePath(name: string, set: string): Problem {
  const what = `sets PGDATA to a path with a control character, got ${JSON.stringify(set)}`;
  return { path: `compose.services.${name}.environment`, what, todo: "write the path without it" };
}

function mountProblems(name: string, { source, target }: VolumeMount, { path, major }: PostgresCluster): Problem[] {
  const where = `compose.services.${name}.volumes`;
  const mounted = `mount '${source ?? "an anonymous volume"}'`;
  if (folderIn(target, path) === undefined) {
    const place = isInside(path, postgresHome) && !isInside(path, postgresData) ? postgresHome : path;
    const what = `${mounted} where the data is not, since this image keeps it in ${path}, got '${target}'`;
    return [{ path: where, what, todo: `mount it at ${place}, or set PGDATA to where the data lies` }];
  }
  if (!isInside(path, postgresData) || isInside(target, postgresData)) return [];
  const cause = "where images before version 18 put a volume of their own over it";
  const what = `${mounted} above ${postgresData}, ${cause}, got '${target}'`;
  const version = major === undefined ? ", or name the image with its tag, such as 'postgres:18@sha256:…'" : "";
  return [{ path: where, what, todo: `mount it at ${postgresData}${version}` }];
}
