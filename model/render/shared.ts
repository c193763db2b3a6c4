import type { JsonMap } from "../json.ts";
import { containerPortText, portRangeText } from "../port-range.ts";
import { beforePort } from "../server-port.ts";
import { writtenEnvFiles } from "../stack/env/env-files.ts";
import { secretFiles } from "../stack/secrets.ts";
import type { PublishedPort, StackService } from "../stack/service.ts";
import type { Part } from "../stack/stack.ts";
import { deliveredFiles } from "./files.ts";
import { externalVolumes } from "./mounts.ts";
import { networksField, networkFields } from "./networks.ts";
import type { RenderedProject } from "./rendered.ts";
import { dependsOnField, linksField, serviceFacts, serviceFields, volumesFromField } from "./service.ts";
import { writeYaml } from "./yaml.ts";

/** Renders the services that stay from release to release. */
export function renderShared(part: Part): RenderedProject {
  const { project, directory, services } = part;
  const compose = {
    name: project,
    services: Object.fromEntries(services.map((service) => [service.name, composeService(service, part)])),
    ...networksField(services.flatMap(({ attachments }) => attachments)),
    volumes: externalVolumes(services),
  };
  return {
    project,
    directory,
    compose: writeYaml(compose),
    files: deliveredFiles(services),
    envFiles: writtenEnvFiles(services),
    secrets: secretFiles(services),
    services: Object.fromEntries(services.map((service) => [service.name, serviceFacts(service)])),
    joins: Object.fromEntries(services.map(({ name, joins }) => [name, joins])),
  };
}

/** One entry of a service's `ports`. */
export function portEntry({ address, protocol, target, ...port }: PublishedPort): string {
  return `${beforePort(address)}:${portRangeText(port)}:${containerPortText(target, protocol)}`;
}

function composeService(service: StackService, part: Part): JsonMap {
  const { published } = service;
  return {
    ...serviceFields(service, part),
    ...dependsOnField(service, part.services, (name) => name),
    ...volumesFromField(service, (name) => name),
    ...(published.length > 0 && { ports: published.map(portEntry) }),
    ...linksField(service, part.services, (name) => name),
    ...networkFields(service),
  };
}
