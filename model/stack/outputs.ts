import { beforePort } from "./ports.ts";
import type { Stack, StackHost } from "./stack.ts";

/** The outputs of a stack that are known before a verb answers. */
export interface StackOutputs {
  readonly project: string;
  readonly directory: string;
  /** By name. */
  readonly hosts: Readonly<Record<string, HostOutputs>>;
}

/** The outputs of one server. */
interface HostOutputs {
  readonly address: string;
  /** Host ports by service. */
  readonly ports: Readonly<Record<string, string>>;
  /** Addresses on the server itself, by service. */
  readonly urls: Readonly<Record<string, string>>;
  readonly volumes: Readonly<Record<string, string>>;
  /** Digest references by service. */
  readonly images: Readonly<Record<string, string>>;
}

/** The plain outputs of one stack. */
export function outputsOf({ project, directory, hosts }: Stack): StackOutputs {
  const outputs = Object.entries(hosts).map(([name, host]) => [name, hostOutputs(host)] as const);
  return { project, directory, hosts: Object.fromEntries(outputs) };
}

function hostOutputs({ connection, ports, volumes, services }: StackHost): HostOutputs {
  const running = services.filter(({ part }) => part !== "migration");
  return {
    address: connection.host,
    ports: Object.fromEntries(ports.map(({ service, port }) => [service, String(port)])),
    urls: Object.fromEntries(
      ports.map(({ service, address, port }) => [service, `http://${beforePort(address)}:${port}`]),
    ),
    volumes: Object.fromEntries(volumes.map(({ service, volume }) => [service, volume])),
    images: Object.fromEntries(running.map(({ name, image }) => [name, image])),
  };
}
