import type { ApplicationVolume } from "../../compose/application.ts";
import type { Problem } from "../../problem.ts";
import type { Deployment } from "../deployment.ts";
import type { Stack } from "../stack.ts";

/** A deployment whose volumes have the names on the server that the stack gives them. */
export function withNamedVolumes(deployment: Deployment): Deployment {
  const { application, volumes } = deployment;
  const named = Object.entries(application.volumes).map(([key, volume]): [string, ApplicationVolume] => {
    const name = Object.hasOwn(volumes, key) ? volumes[key] : undefined;
    return [key, name === undefined ? volume : { ...volume, name }];
  });
  return { ...deployment, application: { ...application, volumes: Object.fromEntries(named) } };
}

/** Requires that the stack names volumes of the compose file that its services mount, and none twice. */
export function ensureVolumesAreNamedRightly({ volumes, hosts }: Pick<Stack, "volumes" | "hosts">): Problem[] {
  const mounted = Object.values(hosts).flatMap((host) => host.volumes);
  return Object.entries(volumes).flatMap(([key, volume]): Problem[] => {
    const path = `volumes.${key}`;
    if (!mounted.some(({ name }) => name === key)) {
      const what = "is not a volume of the compose file that a service mounts";
      return [{ path, what, todo: "correct the name, or remove it" }];
    }
    const other = mounted.find((one) => one.name !== key && one.volume === volume);
    if (other === undefined) return [];
    return [{ path, what: `is the volume '${other.name}' as well, got '${volume}'`, todo: "name another volume" }];
  });
}
