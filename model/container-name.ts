import type { JsonMap } from "./json.ts";

/** The field of a compose file with the name of containers of which there are several: a name is for one of them. */
export const replicaNameField = "x-slipway-name";

/**
 * The name of a service's container, as runbooks have it (E21); `service` is its name in a colour for a release
 * service, and `project` that of the stack. A name that begins with the project is long enough.
 */
export function containerName(project: string, service: string): string {
  return service.startsWith(`${project}-`) ? service : `${project}-${service}`;
}

/** The names of the containers of a service, of which each has a number if there are several. */
export function replicaNames(name: string, replicas: number): string[] {
  return replicas <= 1 ? [name] : Array.from({ length: replicas }, (_, index) => replicaName(name, index + 1));
}

/** The name of one of several containers of a service. Compose counts them from 1. */
export function replicaName(name: string, number: number): string {
  return `${name}-${number}`;
}

/** The field that gives containers their name: Compose's own refuses several of them, which the server renames. */
export function containerNameField(name: string, replicas: number): JsonMap {
  return { [replicas > 1 ? replicaNameField : "container_name"]: name };
}
