import { Buffer } from "node:buffer";
import type { JsonMap } from "../json.ts";
import { proxyName } from "../proxy.ts";
import { isLoopback } from "../server-port.ts";
import { slipwayEntryPoint, type EntryPoint } from "../stack/port/entry-points.ts";
import type { PublishedPort } from "../stack/service.ts";
import type { ProxyPart } from "../stack/stack.ts";
import { bindEntry } from "./mounts.ts";
import { addressPlaceholder } from "../placeholders.ts";
import { networksField } from "./networks.ts";
import type { RenderedProject } from "./rendered.ts";
import { commonFields } from "./service.ts";
import { portEntry } from "./shared.ts";
import { escapeForCompose, writeYaml } from "./yaml.ts";

/** The default path of Traefik's static file. */
const staticFile = "/etc/traefik/traefik.yaml";
const dynamicFolder = "/etc/traefik/dynamic";

/** Seconds until Traefik must be healthy. */
const deadline = 60;

/** Renders the stack's Traefik, which publishes the ports of release services and answers for them in networks. */
export function renderProxy(part: ProxyPart): RenderedProject {
  const { project, directory, image, networks } = part;
  const compose = {
    name: project,
    services: { [proxyName]: composeService(part) },
    ...networksField([networks.own]),
  };
  const content = Buffer.from(writeYaml(staticConfiguration(part)));
  const service = { image, deadline, variables: [], defaults: {}, mounts: {}, secrets: {}, volumes: {} };
  return {
    project,
    directory,
    compose: writeYaml(compose),
    files: { "traefik.yaml": { mode: "0644", content } },
    envFiles: {},
    secrets: {},
    services: { [proxyName]: service },
    joins: { [proxyName]: networks.joins },
  };
}

/**
 * The official image has wget. `traefik healthcheck` starts all of Traefik, a fifth of a second of work each time, so
 * only images without wget use it.
 */
const healthTest =
  `wget -q -O /dev/null http://127.0.0.1:${slipwayEntryPoint.port}/ping 2>/dev/null ` + "|| traefik healthcheck";

function composeService({
  image,
  memory,
  networks: { own },
  published,
  labels,
  directory,
  project,
}: ProxyPart): JsonMap {
  return {
    ...commonFields(image, memory),
    restart: "unless-stopped",
    container_name: project,
    healthcheck: { test: ["CMD-SHELL", healthTest], interval: "5s", timeout: "5s", retries: 3 },
    ...labelsOf(labels),
    networks: { [own.key]: { ipv4_address: addressPlaceholder(own.name) } },
    ...(published.length > 0 ? { ports: published.map(portEntry) } : {}),
    volumes: [
      bindEntry(`${directory}/traefik.yaml`, staticFile, { readOnly: true }),
      // A folder, since a container does not see a new file that replaces a mounted one. Rollouts write into it.
      bindEntry(`${directory}/dynamic`, dynamicFolder, { readOnly: true, create: true }),
    ],
  };
}

/** What a team's own Traefik reads. */
function labelsOf(labels: ProxyPart["labels"]): JsonMap {
  const entries = Object.entries(labels).map(([label, value]) => [label, escapeForCompose(value)] as const);
  return entries.length === 0 ? {} : { labels: Object.fromEntries(entries) };
}

/** Traefik's static file. A change restarts the proxy, so it holds nothing that differs between releases but ports. */
function staticConfiguration({ entryPoints, published }: ProxyPart): JsonMap {
  return {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: "INFO" },
    accessLog: errorLog,
    ping: { entryPoint: slipwayEntryPoint.name },
    entryPoints: Object.fromEntries(entryPoints.map((point) => [point.name, entryPoint(point, published)])),
    providers: {
      // The default of 2 s would be most of the time of a switch.
      providersThrottleDuration: "100ms",
      file: { directory: dynamicFolder, watch: true },
    },
    // Idle connections would keep the old colour from draining.
    serversTransport: { forwardingTimeouts: { idleConnTimeout: "2s" } },
  };
}

/**
 * The proxy's log of its answers with an error, which are counted around a switch. It holds nothing of a request that
 * could be a person's: no address, no path, no header.
 */
const errorLog = {
  format: "json",
  filters: { statusCodes: ["500-599"] },
  fields: {
    defaultMode: "drop",
    names: { StartUTC: "keep", DownstreamStatus: "keep", OriginStatus: "keep", RouterName: "keep" },
    headers: { defaultMode: "drop" },
  },
};

/**
 * An entry point that changes nothing for the services: it has no time limit for uploads. If only the server itself and
 * the stack's own containers reach it, it passes on the `X-Forwarded-…` headers of a web server in front, such as one
 * that ends TLS. From elsewhere a client could write anything into them, so Traefik writes its own.
 */
function entryPoint({ port, speaks, network }: EntryPoint, published: readonly PublishedPort[]): JsonMap {
  const own = published.filter(({ target }) => target.first <= port && port <= target.last);
  const trusted = speaks === "http" && own.every(({ address }) => isLoopback(address));
  return {
    address: `${network === undefined ? "" : addressPlaceholder(network)}:${port}`,
    ...(trusted ? { forwardedHeaders: { insecure: true } } : {}),
    transport: { respondingTimeouts: { readTimeout: "0s" } },
  };
}
