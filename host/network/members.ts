import { isOfItsProject, type Container } from "../docker/container.ts";

/** The names of the containers in a network that are of no project of the stack, also of those that are stopped. */
export function foreignMembers(
  network: string,
  projects: readonly string[],
  containers: readonly Container[],
): string[] {
  return containers
    .filter(({ networks }) => networks.has(network))
    .filter((container) => !projects.includes(container.project) || !isOfItsProject(container))
    .map(({ name }) => name)
    .sort();
}
