import { mapOf, type JsonMap } from "../json.ts";
import { replicasOf } from "../compose/replicas.ts";
import { hasTeamLabels, hidden } from "../stack/labels/proxy-labels.ts";
import { writtenEnvFiles } from "../stack/env-files.ts";
import { inColour } from "../stack/names.ts";
import type { Networks } from "../stack/networks.ts";
import { secretFiles } from "../stack/secrets.ts";
import type { StackService } from "../stack/service.ts";
import type { Part, ProxyPart, ReleasePart } from "../stack/stack.ts";
import { deliveredFiles } from "./files.ts";
import { externalVolumes } from "./mounts.ts";
import { externalNetworks } from "./networks.ts";
import type { RenderedEntryPoint, RenderedRelease, RenderedReleaseService } from "./rendered.ts";
import { dependsOnField, serviceFacts, serviceFields, volumesFromField } from "./service.ts";
import { writeYaml } from "./yaml.ts";

/** Renders the release with a placeholder for its colour; `routes` is the proxy's dynamic file for it. */
export function renderRelease(part: ReleasePart, { data }: Networks, routes: string): RenderedRelease {
  const { project, directory, services, proxy } = part;
  const compose = {
    name: project,
    services: Object.fromEntries(services.map((service) => [inColour(service.name), composeService(service, part)])),
    networks: { ...externalNetworks({ data }), private: {} },
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
    ...serviceFields(service, part),
    ...labelsOf(service, part),
    ...dependsOnField(service, part.services, inColour),
    ...volumesFromField(service, inColour),
    // The plain name is an alias in the network of one colour only, so that a release never calls the other one.
    networks: { data: {}, private: { aliases: [service.name] } },
  };
}

/** A colour is nothing for a team's own Traefik, whose labels are on the proxy. */
function labelsOf({ compose }: StackService, { services }: Part): JsonMap {
  return hasTeamLabels(services) ? { labels: { ...mapOf(compose.fields["labels"]), ...hidden } } : {};
}

function releaseFacts(service: StackService): RenderedReleaseService {
  const { port, settings, compose } = service;
  const memory = (settings.memory ?? 0) * replicasOf(compose.fields);
  return { ...serviceFacts(service), port, opens: openedPorts(service), health: settings.health, memory };
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
  return entryPoints.flatMap(({ name, port, speaks, ways }) => {
    const onServer = published.find(({ target }) => target.first <= port && port <= target.last);
    const isSingle = onServer !== undefined && onServer.target.first === onServer.target.last;
    // A connection that is not published may be to a port that the service does not open.
    if (speaks === "tcp" && !isSingle) return [];
    return ways.map(({ service }): [string, RenderedEntryPoint] => [
      ways.length === 1 ? name : `${name}-${service}`,
      {
        ...{ service, speaks, address: onServer?.address },
        port: onServer === undefined ? port : onServer.first + port - onServer.target.first,
        host: ways.length === 1 ? undefined : service,
      },
    ]);
  });
}
