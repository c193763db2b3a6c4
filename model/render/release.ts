import { mapOf, type JsonMap } from "../json.ts";
import { omit } from "../compose/value.ts";
import { hasTeamLabels, hidden } from "../stack/labels/proxy-labels.ts";
import { writtenEnvFiles } from "../stack/env/env-files.ts";
import { memoryLimit } from "../stack/memory.ts";
import { inColour } from "../stack/names.ts";
import { secretFiles } from "../stack/secrets.ts";
import type { StackService } from "../stack/service.ts";
import type { Part, ProxyPart, ReleasePart } from "../stack/stack.ts";
import { deliveredFiles } from "./files.ts";
import { externalVolumes } from "./mounts.ts";
import { networksField, networkFields } from "./networks.ts";
import type { RenderedEntryPoint, RenderedRelease, RenderedReleaseService } from "./rendered.ts";
import { dependsOnField, linksField, serviceFacts, serviceFields, volumesFromField } from "./service.ts";
import { writeYaml } from "./yaml.ts";

/** Renders the release with a placeholder for its colour; `routes` is the proxy's dynamic file for it. */
export function renderRelease(part: ReleasePart, routes: string): RenderedRelease {
  const { project, directory, services, proxy } = part;
  const compose = {
    name: project,
    services: Object.fromEntries(services.map((service) => [inColour(service.name), composeService(service, part)])),
    ...networksField(services.flatMap(({ attachments }) => attachments)),
    volumes: externalVolumes(services),
  };
  return {
    project,
    directory,
    compose: writeYaml(compose),
    routes,
    entryPoints: Object.fromEntries(entryPointsOf(proxy)),
    files: deliveredFiles(services),
    envFiles: writtenEnvFiles(services),
    secrets: secretFiles(services),
    services: Object.fromEntries(services.map((service) => [service.name, releaseFacts(service)])),
  };
}

function composeService(service: StackService, part: Part): JsonMap {
  return {
    // Engines from 25 on would answer for the host name from both colours; it is an alias in each colour's networks.
    ...omit(serviceFields(service, part), ["hostname"]),
    ...labelsOf(service, part),
    ...dependsOnField(service, part.services, inColour),
    ...volumesFromField(service, inColour),
    ...linksField(service, part.services, inColour),
    ...networkFields(service),
  };
}

/** A colour is nothing for a team's own Traefik, whose labels are on the proxy. */
function labelsOf({ compose }: StackService, { services }: Part): JsonMap {
  return hasTeamLabels(services) ? { labels: { ...mapOf(compose.fields["labels"]), ...hidden } } : {};
}

function releaseFacts(service: StackService): RenderedReleaseService {
  const { port, settings, afterSwitch } = service;
  const memory = memoryLimit(service) ?? 0;
  const facts = { ...serviceFacts(service), port, opens: openedPorts(service), health: settings.health, memory };
  return { ...facts, ...(afterSwitch && { afterSwitch }) };
}

/** Further ports that must be open before the switch. Those of a range may open and close as the service likes. */
function openedPorts({ port, published }: StackService): number[] {
  const single = published.filter(({ container }) => container.first === container.last);
  const ports = new Set(single.map(({ container }) => container.first));
  return [...ports].filter((one) => one !== port).sort((a, b) => a - b);
}

/** Each way through the proxy to a service, so that the server can ask as callers do. */
function entryPointsOf({
  entryPoints,
  published,
}: Pick<ProxyPart, "entryPoints" | "published">): [string, RenderedEntryPoint][] {
  return entryPoints.flatMap(({ name, port, speaks, backend, network }): [string, RenderedEntryPoint][] => {
    if (backend === undefined) return [];
    const { service } = backend;
    const onServer = published.find(({ target }) => target.first <= port && port <= target.last);
    const isSingle = onServer !== undefined && onServer.target.first === onServer.target.last;
    // A connection that is not published may be to a port that the service does not open.
    if (speaks === "tcp" && !isSingle) return [];
    const asked = onServer === undefined ? port : onServer.first + port - onServer.target.first;
    return [[name, { service, speaks, network, address: onServer?.address, port: asked }]];
  });
}
