import type { Claim } from "../facts/claim.ts";
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
    ports: Object.fromEntries(ports.map(({ port, service }) => [String(port), service])),
    volumes: Object.fromEntries(volumes.map(({ volume, service }) => [volume, service])),
    networks: { [networks.data]: "data", [networks.edge]: "edge" },
    protected: stack.protected,
  };
}
