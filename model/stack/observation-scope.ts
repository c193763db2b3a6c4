import { boundFolder } from "../data-place.ts";
import { serverPortText } from "../server-port.ts";
import { containersOf } from "./container-names.ts";
import type { Place } from "./names.ts";
import { bridgeOf } from "./network/driver-options.ts";
import type { Stack, StackHost } from "./stack.ts";

/** The scope of an observation for one stack, as model/facts/scope.ts has it: everything that it uses on a host. */
export function observationScope(
  { directory, project, adopt }: Place & Pick<Stack, "adopt">,
  { projects, ports, volumes, networks, range, services }: StackHost,
) {
  const clusters = volumes.flatMap(({ volume, cluster }) =>
    cluster === undefined ? [] : [[volume, cluster] as const],
  );
  const bound = volumes.flatMap(({ volume, making = {} }) => {
    const folder = boundFolder(making);
    return folder === undefined ? [] : [[volume, folder] as const];
  });
  return {
    directory,
    projects: Object.keys(projects),
    containers: Object.keys(containersOf({ project }, services)),
    ports: ports.map(serverPortText),
    volumes: volumes.map(({ volume }) => volume),
    networks: networks.map(({ name }) => name),
    bridges: networks.flatMap((network) => bridgeOf(network) ?? []),
    subnets: [range, ...networks.flatMap(({ ranges }) => ranges.map(({ subnet }) => subnet))],
    handMade: adopt.project === undefined ? [] : [adopt.project],
    clusters: Object.fromEntries(clusters),
    bound: Object.fromEntries(bound),
  };
}
