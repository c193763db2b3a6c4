import { posix } from "node:path";
import type { Application, ApplicationVolume, FolderMount, VolumeMount } from "../../compose/application.ts";
import { folderPath } from "../../compose/mount/folders.ts";
import { isFolder } from "../../data-place.ts";
import { isInside, pathIn } from "../../path.ts";
import type { Problem } from "../../problem.ts";
import { pgdataOf, postgresData, postgresHome, type PostgresCluster } from "./postgres.ts";
import type { DataVolume, ServiceBase } from "../service.ts";

/** A mount of data: a named volume, or a data folder. */
type DataMount = VolumeMount | FolderMount;

/**
 * The volumes and data folders that services mount, sorted by name. One that is no longer mounted is left alone, with
 * its data.
 */
export function volumesOf(
  { project, volumes }: { readonly project: string; readonly volumes: Application["volumes"] },
  services: readonly ServiceBase[],
): DataVolume[] {
  const named = Object.entries(volumes).map(([name, volume]) => volumeNames(name, project, volume));
  return [...named, ...foldersOf(services)]
    .flatMap((names) => dataVolume(names, services))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The mount of a volume or data folder in a service. */
export function dataMount(
  { mounts }: Pick<ServiceBase, "mounts">,
  { name, volume }: Pick<DataVolume, "name" | "volume">,
): DataMount | undefined {
  return mounts
    .filter((mount) => mount.type === "volume" || mount.type === "folder")
    .find((mount) => (mount.type === "folder" ? mount.path === volume : mount.source === name));
}

type Names = Pick<DataVolume, "name" | "volume" | "external" | "making">;

function volumeNames(name: string, project: string, given: ApplicationVolume): Names {
  const { name: own, external, driver, options, labels } = given;
  const making = {
    ...(driver !== undefined && { driver }),
    ...(options !== undefined && { options }),
    ...(labels !== undefined && { labels }),
  };
  return {
    ...{ name, volume: own ?? `${project}_${name}` },
    ...(external === true && { external }),
    ...(Object.keys(making).length > 0 && { making }),
  };
}

/** Each folder that has a place, once. */
function foldersOf(services: readonly ServiceBase[]): Names[] {
  const mounts = services.flatMap(({ mounts }) => mounts).filter((mount) => mount.type === "folder");
  const placed = mounts.flatMap(({ path, source }) => (path === undefined ? [] : [[path, source] as const]));
  return Array.from(new Map(placed), ([volume, name]) => ({ name, volume }));
}

function dataVolume(names: Names, services: readonly ServiceBase[]): DataVolume[] {
  const owner = ownerOf(names, services);
  const mount = owner && dataMount(owner, names);
  if (owner === undefined || mount === undefined) return [];
  const { postgres } = owner;
  const cluster = postgres && clusterIn(mount, postgres.path);
  const common = { ...names, service: owner.name };
  if (cluster === undefined) return [{ ...common, data: "files", cluster: undefined, major: undefined }];
  return [{ ...common, data: "postgres", cluster, major: postgres?.major?.toString() }];
}

/** The folder of the cluster in a volume, of which a mount may show a part. */
function clusterIn({ target, options }: DataMount, path: string): string | undefined {
  const folder = pathIn(target, path);
  const subpath = options?.["subpath"];
  return folder === undefined || typeof subpath !== "string" ? folder : posix.join(subpath, folder);
}

/**
 * The service that declares the volume as its data, else the first one that mounts it: shared services before those of
 * the release, writers before readers.
 */
function ownerOf(names: Names, services: readonly ServiceBase[]): ServiceBase | undefined {
  const rank = (service: ServiceBase): number =>
    (declares(service, names) ? 0 : 4) +
    (service.part === "release" ? 2 : 0) +
    (dataMount(service, names)?.readOnly === true ? 1 : 0);
  return services
    .filter((service) => service.part !== "migration" && dataMount(service, names) !== undefined)
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))[0];
}

function declares({ settings: { data } }: ServiceBase, { name, volume }: Names): boolean {
  if (!isFolder(volume)) return data?.volume === name;
  return isFolderOf(name, data?.folder);
}

/** Requires that services mount their data volumes, at paths at which the data lies. */
export function ensureVolumesHoldTheirData({ services }: { readonly services: readonly ServiceBase[] }): Problem[] {
  return services
    .filter(({ part }) => part !== "migration")
    .flatMap((service) => [...unmountedData(service), ...postgresProblems(service)]);
}

function unmountedData(service: ServiceBase): Problem[] {
  const { name, settings, mounts } = service;
  const volume = settings.data?.volume;
  if (volume === undefined || mounts.some((mount) => mount.type === "volume" && mount.source === volume)) return [];
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
  const meant = mounts
    .filter((mount) => mount.type === "volume" || mount.type === "folder")
    .filter((mount) => isDeclared(mount, settings.data) || isInside(mount.target, postgresHome));
  if (postgres === undefined || meant.length === 0) return [];
  if (hasUnknownPath(service)) return [unknownPath(name)];
  return meant.flatMap((mount) => mountProblems(name, mount, postgres));
}

function isDeclared({ type, source }: DataMount, data: ServiceBase["settings"]["data"]): boolean {
  if (data === undefined || source === undefined) return false;
  return type === "volume" ? source === data.volume : isFolderOf(source, data.folder);
}

function isFolderOf(source: string, folder: string | undefined): boolean {
  return folder !== undefined && isInside(source, folderPath(folder));
}

/** The path is unknown if it is a secret, which only the server fills in. */
function hasUnknownPath({ compose: { pgdata } }: ServiceBase): boolean {
  return pgdata !== undefined && pgdata.value === undefined;
}

function unknownPath(name: string): Problem {
  const what = "has a secret for the folder of the data, so it is not known before the service runs, got 'PGDATA'";
  const todo = "set it in `variables` instead of `secrets`, or write the path itself";
  return { path: `compose.services.${name}.environment`, what, todo };
}

function unprintablePath(name: string, set: string): Problem {
  const what = `sets PGDATA to a path with a control character, got ${JSON.stringify(set)}`;
  return { path: `compose.services.${name}.environment`, what, todo: "write the path without it" };
}

function mountProblems(name: string, { source, target }: DataMount, { path, major }: PostgresCluster): Problem[] {
  const where = `compose.services.${name}.volumes`;
  const mounted = `mount '${source ?? "an anonymous volume"}'`;
  if (pathIn(target, path) === undefined) {
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
