import { serverPortText } from "../server-port.ts";
import type { StackHost } from "./stack.ts";

/** The scope of an observation for one stack, as model/facts/scope.ts has it: everything that it uses on a host. */
export function observationScope(directory: string, { projects, ports, volumes, networks, range }: StackHost) {
  const clusters = volumes.flatMap(({ volume, cluster }) =>
    cluster === undefined ? [] : [[volume, cluster] as const],
  );
  return {
    directory,
    projects: Object.keys(projects),
    ports: ports.map(serverPortText),
    volumes: volumes.map(({ volume }) => volume),
    networks: networks.map(({ name }) => name),
    subnets: [range, ...networks.flatMap(({ ranges }) => ranges.map(({ subnet }) => subnet))],
    clusters: Object.fromEntries(clusters),
  };
}
