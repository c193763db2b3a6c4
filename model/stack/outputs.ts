import type { Deployment } from "./deployment.ts";
import { portsOf } from "./ports.ts";
import { imageOf } from "./images.ts";
import { volumesOf } from "./volumes.ts";

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

/** The plain outputs of one deployment. */
export function outputsOf(deployment: Deployment): StackOutputs {
  const { published } = portsOf(deployment);
  const by = <Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> =>
    Object.fromEntries(entries);
  const services = Object.keys(deployment.application.services);
  return {
    project: deployment.project,
    directory: deployment.directory,
    address: deployment.connection.host,
    ports: by(published.map(({ service, port }) => [service, String(port)])),
    urls: by(published.map(({ service, address, port }) => [service, `http://${address}:${port}`])),
    volumes: by(volumesOf(deployment).map(({ service, volume }) => [service, volume])),
    images: by(services.map((service) => [service, imageOf(deployment, service)])),
  };
}
