import type { VolumeMount } from "../compose/application.ts";
import type { Problem } from "../problem.ts";
import { folderIn, isInside, pgdataOf, postgresData, postgresHome, type PostgresCluster } from "./postgres.ts";
import type { DataVolume, ServiceBase } from "./service.ts";

/** The volumes that services mount, sorted by name. A volume that is no longer mounted is left alone. */
export function volumesOf(
  { project, volumes }: { readonly project: string; readonly volumes: readonly string[] },
  services: readonly ServiceBase[],
): DataVolume[] {
  return volumes
    .flatMap((name) => dataVolume({ name, volume: `${project}_${name}` }, services))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The mount of a named volume in a service. */
export function volumeMount({ mounts }: Pick<ServiceBase, "mounts">, volume: string): VolumeMount | undefined {
  return mounts.filter((mount) => mount.type === "volume").find(({ source }) => source === volume);
}

function dataVolume(names: Pick<DataVolume, "name" | "volume">, services: readonly ServiceBase[]): DataVolume[] {
  const owner = ownerOf(names.name, services);
  const mount = owner && volumeMount(owner, names.name);
  if (owner === undefined || mount === undefined) return [];
  const { postgres } = owner;
  const cluster = postgres && folderIn(mount.target, postgres.path);
  const common = { ...names, service: owner.name };
  if (cluster === undefined) return [{ ...common, data: "files", cluster: undefined, major: undefined }];
  return [{ ...common, data: "postgres", cluster, major: postgres?.major?.toString() }];
}

/**
 * The service that declares the volume as its data, else the first one that mounts it: shared services before those of
 * the release, writers before readers.
 */
function ownerOf(volume: string, services: readonly ServiceBase[]): ServiceBase | undefined {
  const rank = (service: ServiceBase): number =>
    (service.settings.data?.volume === volume ? 0 : 4) +
    (service.part === "release" ? 2 : 0) +
    (volumeMount(service, volume)?.readOnly === true ? 1 : 0);
  return services
    .filter((service) => service.part !== "migration" && volumeMount(service, volume) !== undefined)
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))[0];
}

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
