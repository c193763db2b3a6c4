import type { Service, VolumeMount } from "../compose/application.ts";
import type { Deployment } from "./deployment.ts";
import type { Problem } from "../problem.ts";
import { mountsOf } from "./mounts.ts";
import { imagesOf, volumeMount } from "./volumes.ts";
import {
  folderIn,
  isInside,
  pgdataOf,
  postgresCluster,
  postgresData,
  postgresHome,
  type PostgresCluster,
} from "./postgres.ts";

/** Volumes that would not hold the data that they are for. */
export function volumeProblems(deployment: Deployment): Problem[] {
  return Object.values(deployment.application.services).flatMap((service) => [
    ...unmountedData(deployment, service),
    ...postgresProblems(deployment, service),
  ]);
}

function unmountedData(deployment: Deployment, { name }: Service): Problem[] {
  const volume = deployment.services[name]?.data?.volume;
  if (volume === undefined || volumeMount(deployment, name, volume) !== undefined) return [];
  const what = `is a volume that the service does not mount, got '${volume}'`;
  return [
    { path: `services.${name}.data.volume`, what, todo: "name the volume of the compose file that holds its data" },
  ];
}

/** Only mounts that are meant for the cluster are looked at: the data volume, and what lies in the home of Postgres. */
function postgresProblems(deployment: Deployment, service: Service): Problem[] {
  const cluster = postgresCluster(service, imagesOf(deployment, service));
  const data = deployment.services[service.name]?.data?.volume;
  const mounts = mountsOf(deployment, service.name).filter((mount) => mount.type === "volume");
  const meant = mounts.filter(
    ({ source, target }) => (source !== undefined && source === data) || isInside(target, postgresHome),
  );
  if (cluster === undefined || meant.length === 0) return [];
  if (isUnknown(deployment, service)) return [unknownPath(service)];
  return meant.flatMap((mount) => mountProblems(service, mount, cluster));
}

/** The value of a variable is not known before the server fills it in. */
function isUnknown(deployment: Deployment, service: Service): boolean {
  const set = pgdataOf(service);
  return set?.includes("$") ?? (service.wholeEnvironment && deployment.variables["PGDATA"] !== undefined);
}

function unknownPath({ name }: Service): Problem {
  const what = "is a variable, so that nobody knows where the data lies before it runs, got 'PGDATA'";
  return { path: `compose.services.${name}.environment`, what, todo: "write the path of PGDATA itself" };
}

function mountProblems(
  { name }: Service,
  { source, target }: VolumeMount,
  { path, major }: PostgresCluster,
): Problem[] {
  const where = `compose.services.${name}.volumes`;
  const mounted = `mount '${source ?? "an anonymous volume"}'`;
  if (folderIn(target, path) === undefined) {
    const place = isInside(path, postgresHome) && !isInside(path, postgresData) ? postgresHome : path;
    const what = `${mounted} where the data is not, since this image keeps it in ${path}, got '${target}'`;
    return [{ path: where, what, todo: `mount it at ${place}, or set PGDATA to where the data lies` }];
  }
  if (!isInside(path, postgresData) || isInside(target, postgresData)) return [];
  const what = `${mounted} above ${postgresData}, where images before version 18 put a volume of their own over it, got '${target}'`;
  const version = major === undefined ? ", or name the image with its tag, such as 'postgres:18@sha256:…'" : "";
  return [{ path: where, what, todo: `mount it at ${postgresData}${version}` }];
}
