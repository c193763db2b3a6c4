import type { Stack } from "./stack.ts";

/** What an operator wants to know of a stack, besides what its verbs answered. */
export interface StackOutputs {
  readonly project: string;
  readonly directory: string;
  readonly address: string;
  /** Host port by service. */
  readonly ports: Readonly<Record<string, string>>;
  /** Where each published service answers, as seen on the server itself. */
  readonly urls: Readonly<Record<string, string>>;
  readonly volumes: Readonly<Record<string, string>>;
  /** What runs, by digest. */
  readonly images: Readonly<Record<string, string>>;
}

/** The plain outputs of one stack. */
export function outputsOf({ project, directory, connection, ports, volumes, services }: Stack): StackOutputs {
  const by = <Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> =>
    Object.fromEntries(entries);
  const running = services.filter(({ part }) => part !== "migration");
  return {
    project,
    directory,
    address: connection.host,
    ports: by(ports.map(({ service, port }) => [service, String(port)])),
    urls: by(ports.map(({ service, address, port }) => [service, `http://${address}:${port}`])),
    volumes: by(volumes.map(({ service, volume }) => [service, volume])),
    images: by(running.map(({ name, image }) => [name, image])),
  };
}
