import { Buffer } from "node:buffer";
import type { JsonMap } from "../json.ts";
import { proxyService, type Networks } from "../stack/names.ts";
import { slipwayEntryPoint, type EntryPoint } from "../stack/ports.ts";
import type { ProxyPart } from "../stack/stack.ts";
import type { RenderedProject } from "./rendered.ts";
import { commonFields } from "./service.ts";
import { externalNetworks, portEntry } from "./shared.ts";
import { composeText, writeYaml } from "./yaml.ts";

/** Traefik looks for its static file here without being told. */
const staticFile = "/etc/traefik/traefik.yaml";
const dynamicFolder = "/etc/traefik/dynamic";

/** Seconds in which Traefik answers its own health check. */
const deadline = 60;

/** The stack's own Traefik: publishes the ports of the release services and answers for them on the edge network. */
export function renderProxy(part: ProxyPart, networks: Networks): RenderedProject {
  const { project, directory, image, entryPoints } = part;
  const compose = {
    name: project,
    services: { [proxyService]: composeService(part) },
    networks: externalNetworks({ ...networks }),
  };
  const content = Buffer.from(writeYaml(staticConfiguration(entryPoints)));
  const service = { image, deadline, variables: [], mounts: {}, secrets: {}, volumes: {} };
  return {
    project,
    directory,
    compose: writeYaml(compose),
    files: { "traefik.yaml": { mode: "0644", content } },
    secrets: {},
    services: { [proxyService]: service },
  };
}

/** Traefik's own check starts all of Traefik, a fifth of a second of work each time, so it is left to images without the wget that the official one has. */
const healthTest = `wget -q -O /dev/null http://127.0.0.1:${slipwayEntryPoint.port}/ping 2>/dev/null || traefik healthcheck`;

function composeService({ image, memory, services, published, directory }: ProxyPart): JsonMap {
  return {
    ...commonFields(image, memory),
    healthcheck: { test: ["CMD-SHELL", healthTest], interval: "5s", timeout: "5s", retries: 3 },
    networks: { data: {}, edge: { aliases: services } },
    ...(published.length > 0 ? { ports: published.map(portEntry) } : {}),
    volumes: [
      bind(`${directory}/traefik.yaml`, staticFile, false),
      // A folder, since a file that is renamed into its place stays unseen through a mounted file. The first rollout writes into it.
      bind(`${directory}/dynamic`, dynamicFolder, true),
    ],
  };
}

function bind(source: string, target: string, create: boolean): JsonMap {
  return { type: "bind", source: composeText(source), target, read_only: true, bind: { create_host_path: create } };
}

/** Traefik's static file: a change of it costs a restart of the proxy, so only ports stand in it that the application has. */
function staticConfiguration(entryPoints: readonly EntryPoint[]): JsonMap {
  return {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: "INFO" },
    ping: { entryPoint: slipwayEntryPoint.name },
    entryPoints: Object.fromEntries(entryPoints.map(({ name, port }) => [name, entryPoint(port)])),
    providers: {
      // The default of 2 s would be most of a switch.
      providersThrottleDuration: "100ms",
      file: { directory: dynamicFolder, watch: true },
    },
    // Idle connections to the old colour would keep its drain from ending.
    serversTransport: { forwardingTimeouts: { idleConnTimeout: "2s" } },
  };
}

/**
 * The services get what they would get without a proxy: uploads of any duration, and the `X-Forwarded-…` headers of whatever stands in front of the server,
 * such as a web server that ends TLS.
 */
function entryPoint(port: number): JsonMap {
  return {
    address: `:${port}`,
    forwardedHeaders: { insecure: true },
    transport: { respondingTimeouts: { readTimeout: "0s" } },
  };
}
