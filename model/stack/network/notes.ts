import type { StackService } from "../service.ts";
import { callablePorts } from "../port/container-ports.ts";
import type { NetworkGroup } from "./networks.ts";

/** Everything about the networks of a stack that differs from what Compose itself would do. */
export function networkNotes(groups: readonly NetworkGroup[], services: readonly StackService[]): string[] {
  return [...services.flatMap(serviceNotes), ...groups.flatMap(groupNotes)];
}

function serviceNotes({ name, part, compose, container }: StackService): string[] {
  const { containerName, hostname, networkMode } = compose;
  return [
    ...(containerName === undefined || containerName === container
      ? []
      : [`${name}: others reach it as '${containerName}'; its container is '${container}'`]),
    ...(hostname === undefined || part !== "release"
      ? []
      : [`${name}: others reach it as '${hostname}'; its containers have other host names, one in each colour`]),
    ...(networkMode?.kind === "host"
      ? [`${name}: is in the network of the server, so it publishes nothing, and its ports are not claimed`]
      : []),
    ...(networkMode?.kind === "container"
      ? [`${name}: is in the network of the container '${networkMode.container}', which others made`]
      : []),
  ];
}

function groupNotes({ name: network, main, shared, released, calledByOthers }: NetworkGroup): string[] {
  const portless = released.filter((service) => callablePorts(service).length === 0).map(({ name }) => name);
  const hidden = main?.kind === "external" && calledByOthers === undefined ? released.map(({ name }) => name) : [];
  const options = Object.entries(main?.settings.options ?? {});
  return [
    ...(main?.kind === "external"
      ? [`networks.${network}: is the network '${main.name}', which others made and join`]
      : []),
    ...options.map(([name, value]) => `networks.${network}: is made with driver_opts ${name} '${value}'`),
    ...(shared.length === 0 ? [] : portless).map((name) => {
      const way = `set services.${name}.port`;
      return `${name}: its port is not known, so shared services in '${network}' cannot call it; ${way}`;
    }),
    ...(hidden.length === 0
      ? []
      : [`networks.${network}: containers outside the stack cannot call ${hidden.join(" and ")} by name`]),
  ];
}
