import type { VolumeMount } from "../compose/application.ts";
import { folderIn } from "./postgres.ts";
import type { DataVolume, OwnFacts } from "./service.ts";

/** How volumes are named on a server. */
export interface VolumeNames {
  readonly project: string;
  /** As the compose file names them. */
  readonly volumes: readonly string[];
}

/** The volumes that services mount, by name; one that nobody mounts any more is nobody's and stays as it is. */
export function volumesOf({ project, volumes }: VolumeNames, services: readonly OwnFacts[]): DataVolume[] {
  return volumes
    .flatMap((name) => dataVolume({ name, volume: `${project}_${name}` }, services))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** How a service mounts a volume. */
export function volumeMount({ mounts }: Pick<OwnFacts, "mounts">, volume: string): VolumeMount | undefined {
  return mounts.filter((mount) => mount.type === "volume").find(({ source }) => source === volume);
}

function dataVolume(named: Pick<DataVolume, "name" | "volume">, services: readonly OwnFacts[]): DataVolume[] {
  const owner = ownerOf(named.name, services);
  const mount = owner && volumeMount(owner, named.name);
  if (owner === undefined || mount === undefined) return [];
  const { postgres } = owner;
  const cluster = postgres && folderIn(mount.target, postgres.path);
  const common = { ...named, service: owner.name };
  if (cluster === undefined) return [{ ...common, data: "files", cluster: undefined, major: undefined }];
  return [{ ...common, data: "postgres", cluster, major: postgres?.major?.toString() }];
}

/** Who says that the volume holds its data, else the first to mount it: shared services before those of the release, writers before readers. */
function ownerOf(volume: string, services: readonly OwnFacts[]): OwnFacts | undefined {
  const rank = (service: OwnFacts): number =>
    (service.settings.data?.volume === volume ? 0 : 4) +
    (service.part === "release" ? 2 : 0) +
    (volumeMount(service, volume)?.readOnly === true ? 1 : 0);
  return services
    .filter((service) => service.part !== "migration" && volumeMount(service, volume) !== undefined)
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))[0];
}
