import type { Service, VolumeMount } from "../compose/application.ts";
import type { Deployment } from "./deployment.ts";
import { namesOf } from "./names.ts";
import { releaseServices } from "./ports.ts";
import { mountsOf } from "./mounts.ts";
import { folderIn, postgresCluster } from "./postgres.ts";

/** A named volume of the application, on the server. */
export interface DataVolume {
  /** As the compose file names it. */
  readonly name: string;
  /** Its name on the server. */
  readonly volume: string;
  /** The service whose data it is. */
  readonly service: string;
  readonly data: "postgres" | "files";
  /** Folder of Postgres' cluster in the volume, such as `.` or `18/docker`. */
  readonly cluster: string | undefined;
  /** Postgres' major version, where an image's tag tells it. */
  readonly major: string | undefined;
}

/** The volumes that services mount, by name; one that nobody mounts any more is nobody's and stays as it is. */
export function volumesOf(deployment: Deployment): DataVolume[] {
  return Object.entries(namesOf(deployment).volumes)
    .flatMap(([name, volume]) => dataVolume(deployment, name, volume))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The named volumes that a service mounts, also those whose data is another service's. */
export function volumesOfService(deployment: Deployment, service: string): DataVolume[] {
  return volumesOf(deployment).filter(({ name }) => volumeMount(deployment, service, name) !== undefined);
}

/** How a service mounts a volume. */
export function volumeMount(deployment: Deployment, service: string, volume: string): VolumeMount | undefined {
  return mountsOf(deployment, service)
    .filter((mount) => mount.type === "volume")
    .find(({ source }) => source === volume);
}

/** All that is known of a service's image: the digest that runs may stand without the tag that tells its version. */
export function imagesOf({ release, images }: Deployment, { name, image }: Service): string[] {
  return [release?.images[name], images[name], image].filter((reference) => reference !== undefined);
}

function dataVolume(deployment: Deployment, name: string, volume: string): DataVolume[] {
  const owner = ownerOf(deployment, name);
  const mount = owner && volumeMount(deployment, owner.name, name);
  if (owner === undefined || mount === undefined) return [];
  const postgres = postgresCluster(owner, imagesOf(deployment, owner));
  const cluster = postgres && folderIn(mount.target, postgres.path);
  const common = { name, volume, service: owner.name };
  if (cluster === undefined) return [{ ...common, data: "files", cluster: undefined, major: undefined }];
  return [{ ...common, data: "postgres", cluster, major: postgres?.major?.toString() }];
}

/** Who says that the volume holds its data, else the first to mount it: shared services before those of the release, writers before readers. */
function ownerOf(deployment: Deployment, volume: string): Service | undefined {
  const released = releaseServices(deployment);
  const rank = ({ name }: Service): number =>
    (deployment.services[name]?.data?.volume === volume ? 0 : 4) +
    (released.includes(name) ? 2 : 0) +
    (volumeMount(deployment, name, volume)?.readOnly === true ? 1 : 0);
  return Object.values(deployment.application.services)
    .filter(({ name }) => volumeMount(deployment, name, volume) !== undefined)
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))[0];
}
