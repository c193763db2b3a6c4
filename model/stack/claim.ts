import type { PartName, Stack, StackHost } from "./stack.ts";

/** Everything on a server that a stack reserves against all other stacks. */
export interface Claim {
  /** `project/stack`. */
  readonly stack: string;
  readonly directory: string;
  /** The compose project of the shared services; the names of all others begin with it. */
  readonly project: string;
  readonly projects: Readonly<Record<string, PartName>>;
  /** Services by host port. */
  readonly ports: Readonly<Record<string, string>>;
  /** Services that own the data, by volume on the server. */
  readonly volumes: Readonly<Record<string, string>>;
  /** Names in the stack, by network on the server. */
  readonly networks: Readonly<Record<string, string>>;
  /** The server removes something of the stack only in a session that was opened for that. */
  readonly protected: boolean;
}

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
