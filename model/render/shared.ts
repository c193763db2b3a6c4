import type { JsonMap } from "../compose/application.ts";
import type { Deployment } from "../stack/deployment.ts";
import { namesOf } from "../stack/names.ts";
import { portsOf, releaseServices, settingsOf, type PublishedPort } from "../stack/ports.ts";
import { deliveredFiles } from "./files.ts";
import { externalVolumes } from "../stack/mounts.ts";
import { secretFiles } from "../stack/secrets.ts";
import { dependencies, serviceFacts, serviceFields } from "./service.ts";
import { composeText, writeYaml } from "./yaml.ts";
import type { RenderedProject } from "./rendered.ts";

/** The services that live on from release to release. */
export function renderShared(deployment: Deployment): RenderedProject {
  const { projects, directories, networks } = namesOf(deployment);
  const services = sharedServices(deployment);
  const compose = {
    name: projects.shared,
    services: Object.fromEntries(services.map((service) => [service, composeService(deployment, service, services)])),
    networks: externalNetworks(networks),
    volumes: externalVolumes(deployment, services),
  };
  return {
    project: projects.shared,
    directory: directories.shared,
    compose: writeYaml(compose),
    files: deliveredFiles(deployment, services),
    secrets: secretFiles(deployment, services),
    services: Object.fromEntries(services.map((service) => [service, serviceFacts(deployment, service)])),
  };
}

/** The services that are not part of the release, by name. */
export function sharedServices(deployment: Deployment): string[] {
  const released = releaseServices(deployment);
  return Object.keys(deployment.application.services)
    .filter((service) => !released.includes(service))
    .sort();
}

/** Networks that the `networks` verb made. */
export function externalNetworks(networks: Readonly<Record<string, string>>): JsonMap {
  return Object.fromEntries(Object.entries(networks).map(([name, real]) => [name, { external: true, name: real }]));
}

/** An entry of `ports`. */
export function portEntry({ address, port, target, protocol }: PublishedPort): string {
  const host = address.includes(":") ? `[${address}]` : address;
  return composeText(`${host}:${port}:${target}${protocol === "udp" ? "/udp" : ""}`);
}

function composeService(deployment: Deployment, service: string, shared: readonly string[]): JsonMap {
  const { directories, envFiles } = namesOf(deployment);
  const ports = portsOf(deployment).published.filter((published) => published.service === service);
  return {
    ...serviceFields(deployment, service, directories.shared, envFiles.shared),
    ...dependencies(deployment, service, shared, (name) => name),
    ...(ports.length > 0 ? { ports: ports.map(portEntry) } : {}),
    // Who holds data calls nobody; the others may call release services, which the proxy answers for on the edge.
    networks: settingsOf(deployment, service).data === undefined ? { data: {}, edge: {} } : { data: {} },
  };
}
