import type { Claim } from "../facts/claim.ts";
import { placeElsewhere } from "../data-place.ts";
import type { HostNeeds } from "../facts/rules.ts";
import { serverPortText } from "../server-port.ts";
import type { Stack, StackHost } from "../stack/stack.ts";

/** The claim of a stack on one of its hosts. */
export function claimOf(
  stack: Pick<Stack, "name" | "directory" | "project" | "protected">,
  { projects, ports, volumes, networks }: StackHost,
): Claim {
  const { directory, project } = stack;
  return {
    stack: stack.name,
    ...{ directory, project, projects },
    ports: Object.fromEntries(ports.map((port) => [serverPortText(port), port.service])),
    volumes: Object.fromEntries(volumes.map(({ volume, service }) => [volume, service])),
    networks: { [networks.data]: "data", ...(networks.edge !== undefined && { [networks.edge]: "edge" }) },
    protected: stack.protected,
  };
}

/** Everything that a stack needs of one of its servers, its claim among it. */
export function hostNeeds(stack: Stack, host: StackHost): HostNeeds {
  const { path, services } = host;
  const volumes = host.volumes.map((volume) => ({ ...volume, elsewhere: placeElsewhere(volume.making ?? {}) }));
  const needs = { path, claim: claimOf(stack, host), memory: neededMemory(services), volumes, adopt: stack.adopt };
  return { ...needs, subpaths: services.filter(mountsPart).map(({ name }) => name) };
}

function mountsPart({ mounts }: StackHost["services"][number]): boolean {
  return mounts.some((mount) => mount.type === "volume" && mount.options?.["subpath"] !== undefined);
}

/** The sum of all memory limits in bytes. The migration does not count: it ends before a new colour starts. */
function neededMemory(services: StackHost["services"]): number {
  const running = services.filter(({ part }) => part !== "migration");
  return running.reduce((sum, { settings }) => sum + (settings.memory ?? 0), 0);
}
