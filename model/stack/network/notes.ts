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
      : [
          `${name}: container_name '${containerName}' is a name of it in its networks; its container is '${container}'`,
        ]),
    ...(hostname === undefined || part !== "release"
      ? []
      : [`${name}: hostname '${hostname}' is a name of it in its networks alone; both colours would answer to it`]),
    ...(networkMode?.kind === "host"
      ? [`${name}: is in the network of the server, so it publishes nothing, and its ports are not claimed`]
      : []),
    ...(networkMode?.kind === "container"
      ? [`${name}: is in the network of the container '${networkMode.container}', which others made`]
      : []),
  ];
}

function groupNotes({ of, main, shared, released, open }: NetworkGroup): string[] {
  const portless = released.filter((service) => callablePorts(service).length === 0).map(({ name }) => name);
  const hidden = main?.kind === "external" && open === undefined ? released.map(({ name }) => name) : [];
  const options = Object.entries(main?.settings.options ?? {});
  return [
    ...(main?.kind === "external" ? [`networks.${of}: is the network '${main.name}', which others made and join`] : []),
    ...options.map(([name, value]) => `networks.${of}: is made with driver_opts ${name} '${value}'`),
    ...(shared.length === 0 ? [] : portless).map((name) => {
      const way = `services.${name}.port names one`;
      return `${name}: no port of it is known, so shared services in network '${of}' reach none; ${way}`;
    }),
    ...(hidden.length === 0
      ? []
      : [`networks.${of}: containers of others in it do not find ${hidden.join(" and ")} by name`]),
  ];
}
