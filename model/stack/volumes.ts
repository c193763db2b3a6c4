import type { VolumeMount } from "../compose/application.ts";
import { folderIn } from "./postgres.ts";
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
