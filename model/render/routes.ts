import type { JsonMap } from "../json.ts";
import type { Problem } from "../problem.ts";
import { clientsPlaceholder, colourPlaceholder, generationPlaceholder } from "../placeholders.ts";
import { inColour } from "../stack/names.ts";
import { slipwayEntryPoint, type Backend, type EntryPoint } from "../stack/port/entry-points.ts";
import type { Stack } from "../stack/stack.ts";
import { writeYaml } from "./yaml.ts";

/** The middleware that adds the release's version to each answer. */
const middleware = "release";

/** The input of the proxy's dynamic file. */
interface Routing {
  /** The version of the release. */
  readonly version: string;
  readonly entryPoints: readonly EntryPoint[];
}

/** How long the proxy keeps the other half of a connection open of which one half was closed: as long as it takes. */
const transport = "connections";

/**
 * Renders the proxy's dynamic file. It contains one colour only and a switch replaces the whole file, since a service
 * of weight 0 can hang Traefik. Its generation tells when Traefik routes by this file.
 */
export function renderRoutes({ version, entryPoints }: Routing): string {
  const requests = entryPoints.filter(({ speaks }) => speaks === "http");
  const connections = entryPoints.filter(({ speaks }) => speaks === "tcp");
  const http = {
    middlewares: { [middleware]: { headers: { customResponseHeaders: { "X-Slipway-Release": version } } } },
    routers: { ...routersOf(requests, httpRouter), generation: generationRouter() },
    // Traefik reads nothing of a file with an empty map, and a release may have no port at all.
    ...servicesOf(requests, ({ service, port, at = service }) => ({
      servers: [{ url: `http://${inColour(at)}:${port}` }],
    })),
  };
  const tcp = {
    routers: routersOf(connections, tcpRouter),
    ...servicesOf(connections, ({ service, port, at = service }) => ({
      servers: [{ address: `${inColour(at)}:${port}` }],
      serversTransport: transport,
    })),
    serversTransports: { [transport]: { terminationDelay: "-1s" } },
  };
  const head = `# colour: ${colourPlaceholder}, release: ${version}, generation: ${generationPlaceholder}`;
  return `${head}\n${writeYaml({ http, ...(connections.length > 0 && { tcp }) })}`;
}

/** The name of a port of a service among the proxy's services. */
function nameOf({ service, port }: Backend): string {
  return `${service}-${port}`;
}

/** A router for each entry point that leads to a service, under its name. */
function routersOf(
  points: readonly EntryPoint[],
  router: (service: string, clients: EntryPoint["clients"]) => JsonMap,
): JsonMap {
  return Object.fromEntries(
    points.flatMap(({ name, backend, clients }): [string, JsonMap][] =>
      backend === undefined ? [] : [[name, { entryPoints: [name], ...router(nameOf(backend), clients) }]],
    ),
  );
}

function servicesOf(
  points: readonly EntryPoint[],
  loadBalancer: (backend: Backend) => JsonMap,
): { readonly services?: JsonMap } {
  const backends = points.flatMap(({ backend }) => backend ?? []);
  const services = backends.map((backend) => [nameOf(backend), { loadBalancer: loadBalancer(backend) }] as const);
  return backends.length === 0 ? {} : { services: Object.fromEntries(services) };
}

/** The service has the entry point to itself, so it gets every request, whatever the Host header says. */
function httpRouter(service: string, clients: EntryPoint["clients"]): JsonMap {
  return { middlewares: [middleware], rule: ruleOf("PathPrefix(`/`)", clients), service };
}

/** Connections that are not of TLS name no host. */
function tcpRouter(service: string, clients: EntryPoint["clients"]): JsonMap {
  return { rule: ruleOf("HostSNI(`*`)", clients), service };
}

/** A rule for the requests that come from certain networks, whose addresses only the server knows. */
function ruleOf(rule: string, clients: EntryPoint["clients"]): string {
  return clients === undefined ? rule : `${rule} && (${clients.map(clientsPlaceholder).join(" || ")})`;
}

/** The route to Traefik's own ping, which answers once Traefik has loaded this generation. */
function generationRouter(): JsonMap {
  return {
    entryPoints: [slipwayEntryPoint.name],
    rule: `Path(\`/slipway/${generationPlaceholder}\`)`,
    service: "ping@internal",
  };
}

/** The most characters of a version: as many as those of a tag. */
const longestVersion = 128;

const plainVersion = /^[A-Za-z0-9][A-Za-z0-9._+~/:@-]*$/;

/**
 * Requires a version that is a name and nothing else: it is written into the dynamic file, whose comments end at each
 * line break of YAML and which Traefik reads as a template first, and into commands that an operator copies.
 */
export function ensureVersionIsPlain({ release }: Pick<Stack, "release">): Problem[] {
  const version = release?.version;
  if (version === undefined || (version.length <= longestVersion && plainVersion.test(version))) return [];
  const got = JSON.stringify(version.slice(0, longestVersion + 1));
  return [
    {
      path: "release.version",
      what: `is not a plain name, got ${got}`,
      todo: `use at most ${longestVersion} letters, digits and ._+~/:@-, and begin with a letter or a digit`,
    },
  ];
}
