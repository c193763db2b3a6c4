import type { JsonMap } from "../json.ts";
import type { Problem } from "../problem.ts";
import { colourWord, generationWord, inColour } from "../stack/names.ts";
import { slipwayEntryPoint, type EntryPoint } from "../stack/ports.ts";
import type { StackService } from "../stack/service.ts";
import type { Stack } from "../stack/stack.ts";
import { writeYaml } from "./yaml.ts";

/** The one middleware: tells on each answer which release gave it. */
const middleware = "release";

/** Everything that the proxy's dynamic file is made of. */
export interface Routing {
  /** Of the release. */
  readonly version: string;
  readonly entryPoints: readonly EntryPoint[];
  /** The release services. */
  readonly services: readonly Pick<StackService, "name" | "port">[];
}

/**
 * The proxy's dynamic file. Only one colour stands in it: a switch replaces the whole file, and a child of weight 0 can hang Traefik. The generation tells when
 * Traefik routes by this text.
 */
export function renderRoutes({ version, entryPoints, services }: Routing): string {
  const routers = entryPoints.flatMap((entryPoint) => routersOf(entryPoint));
  const http = {
    middlewares: { [middleware]: { headers: { customResponseHeaders: { "X-Slipway-Release": version } } } },
    routers: { ...Object.fromEntries(routers), generation: generationRouter() },
    services: Object.fromEntries(services.flatMap(backend)),
  };
  return `# colour: ${colourWord}, release: ${version}, generation: ${generationWord}\n${writeYaml({ http })}`;
}

function routersOf({ name, services }: EntryPoint): [string, JsonMap][] {
  return services.map((service) => [
    services.length === 1 ? name : `${name}-${service}`,
    {
      entryPoints: [name],
      middlewares: [middleware],
      // A service that has the entry point to itself gets every request: a caller may pass on the host name that it was called by.
      rule: services.length === 1 ? "PathPrefix(`/`)" : `Host(\`${service}\`)`,
      service,
    },
  ]);
}

/** Traefik's own ping answers, where a route leads to it. */
function generationRouter(): JsonMap {
  return {
    entryPoints: [slipwayEntryPoint.name],
    rule: `Path(\`/slipway/${generationWord}\`)`,
    service: "ping@internal",
  };
}

function backend({ name, port }: Pick<StackService, "name" | "port">): [string, JsonMap][] {
  if (port === undefined) return [];
  return [[name, { loadBalancer: { servers: [{ url: `http://${inColour(name)}:${port}` }] } }]];
}

/** The release's version can stand in the dynamic file, which Traefik reads as a template first. */
export function ensureVersionIsPlain({ release }: Pick<Stack, "release">): Problem[] {
  const version = release?.version ?? "";
  return ["{{", colourWord, generationWord, "\n"]
    .filter((word) => version.includes(word))
    .map((word) => {
      const what = `holds ${JSON.stringify(word)}, which cannot stand in the proxy's routes, got ${JSON.stringify(version)}`;
      return { path: "release.version", what, todo: "name the release in another way" };
    });
}
