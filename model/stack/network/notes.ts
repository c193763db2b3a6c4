import type { StackService } from "../service.ts";
import { callablePorts } from "../port/container-ports.ts";
import { mayCall } from "./callers.ts";
import type { NetworkGroup } from "./networks.ts";

/** Everything about the networks of a stack that differs from what Compose itself would do. */
export function networkNotes(groups: readonly NetworkGroup[], services: readonly StackService[]): string[] {
  const jobs = new Set(services.flatMap(({ name, job }) => (job === undefined ? [] : [name])));
  return [...services.flatMap(serviceNotes), ...groups.flatMap((group) => groupNotes(group, jobs))];
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

function groupNotes(group: NetworkGroup, jobs: ReadonlySet<string>): string[] {
  const { name: network, main, released, calledByOthers } = group;
  const hidden = main?.kind === "external" && calledByOthers === undefined ? released.map(({ name }) => name) : [];
  const options = Object.entries(main?.settings.options ?? {});
  return [
    ...(main?.kind === "external"
      ? [`networks.${network}: is the network '${main.name}', which others made and join`]
      : []),
    ...options.map(([name, value]) => `networks.${network}: is made with driver_opts ${name} '${value}'`),
    ...uncallableNotes(group, jobs),
    ...(hidden.length === 0
      ? []
      : [`networks.${network}: containers outside the stack cannot call ${hidden.join(" and ")} by name`]),
  ];
}

/** The release services that shared ones seem to call, at a port that nothing tells. */
function uncallableNotes({ name: network, shared, released }: NetworkGroup, jobs: ReadonlySet<string>): string[] {
  return released
    .filter((service) => !jobs.has(service.name) && callablePorts(service).length === 0)
    .flatMap((service) => {
      const callers = shared.filter((other) => mayCall(other, service)).map(({ name }) => name);
      const { name } = service;
      if (callers.length === 0) return [];
      const what = `its port is not known, so ${callers.join(" and ")} cannot call it in '${network}'`;
      return [`${name}: ${what}; set services.${name}.port`];
    });
}
