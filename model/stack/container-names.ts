import { colours } from "../colour.ts";
import { replicasOf } from "../compose/replicas.ts";
import { containerName, replicaNames } from "../container-name.ts";
import { colourPlaceholder } from "../placeholders.ts";
import type { Problem } from "../problem.ts";
import { proxyName } from "../proxy.ts";
import { isCalled } from "./network/rules.ts";
import type { StackService } from "./service.ts";

/** The names of all containers of a service, in both colours. */
export function namesOfContainers({ container, part, compose }: StackService): string[] {
  const places =
    part === "release" ? colours.map((colour) => container.replace(colourPlaceholder, colour)) : [container];
  return places.flatMap((name) => replicaNames(name, replicasOf(compose.fields)));
}

/** The service of each container of a stack, by the name of the container. */
export function containersOf(
  { project }: { readonly project: string },
  services: readonly StackService[],
): Readonly<Record<string, string>> {
  const own = services.flatMap((service) => namesOfContainers(service).map((name) => [name, service.name] as const));
  const isReleased = services.some(({ part }) => part === "release");
  return Object.fromEntries([...own, ...(isReleased ? [[containerName(project, proxyName), proxyName] as const] : [])]);
}

/** Requires that the name of a container is no name of another service: others would meet both under it. */
export function ensureContainerNamesAreClear({
  project,
  services,
}: {
  readonly project: string;
  readonly services: readonly StackService[];
}): Problem[] {
  return services.flatMap((service) =>
    namesOfContainers(service).flatMap((name): Problem[] => {
      const other = services.find((one) => one !== service && hasName(one, name, service, services));
      const owner = name === containerName(project, proxyName) ? "slipway's proxy" : other && `'${other.name}'`;
      if (owner === undefined) return [];
      const what = `has a container called '${name}', which is a name of ${owner} as well`;
      const todo = "rename one of them in the compose file, or choose another project";
      return [{ path: `compose.services.${service.name}`, what, todo }];
    }),
  );
}

function hasName(one: StackService, name: string, beside: StackService, all: readonly StackService[]): boolean {
  return namesOfContainers(one).includes(name) || isCalled(one, name, beside, all);
}
