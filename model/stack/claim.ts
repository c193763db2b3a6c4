import type { PartName, Stack, StackHost } from "./stack.ts";

/** Everything that a stack holds on a server, so that no other stack takes it. */
export interface Claim {
  /** `project/stack`. */
  readonly stack: string;
  readonly directory: string;
  /** The compose project of the shared services; the others begin with it. */
  readonly project: string;
  readonly projects: Readonly<Record<string, PartName>>;
  /** By host port: the service behind it. */
  readonly ports: Readonly<Record<string, string>>;
  /** By volume on the server: the service whose data it is. */
  readonly volumes: Readonly<Record<string, string>>;
  /** By network on the server: the name that it has in the stack. */
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
