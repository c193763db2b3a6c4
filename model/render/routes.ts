import type { JsonMap } from "../json.ts";
import type { Problem } from "../problem.ts";
import { colourPlaceholder, generationPlaceholder } from "../placeholders.ts";
import { inColour } from "../stack/names.ts";
import { slipwayEntryPoint, type EntryPoint } from "../stack/ports.ts";
import type { StackService } from "../stack/service.ts";
import type { Stack } from "../stack/stack.ts";
import { writeYaml } from "./yaml.ts";

/** The middleware that adds the release's version to each answer. */
const middleware = "release";

/** The input of the proxy's dynamic file. */
interface Routing {
  /** The version of the release. */
  readonly version: string;
  readonly entryPoints: readonly EntryPoint[];
  /** The release services. */
  readonly services: readonly Pick<StackService, "name" | "port">[];
}

/**
 * Renders the proxy's dynamic file. It contains one colour only and a switch replaces the whole file, since a service
 * of weight 0 can hang Traefik. Its generation tells when Traefik routes by this file.
 */
export function renderRoutes({ version, entryPoints, services }: Routing): string {
  const routers = entryPoints.flatMap((entryPoint) => routersOf(entryPoint));
  const backends = services.flatMap(backend);
  const http = {
    middlewares: { [middleware]: { headers: { customResponseHeaders: { "X-Slipway-Release": version } } } },
    routers: { ...Object.fromEntries(routers), generation: generationRouter() },
    // Traefik reads nothing of a file with an empty map, and a release may have no port at all.
    ...(backends.length > 0 && { services: Object.fromEntries(backends) }),
  };
  const head = `# colour: ${colourPlaceholder}, release: ${version}, generation: ${generationPlaceholder}`;
  return `${head}\n${writeYaml({ http })}`;
}

function routersOf({ name, services }: EntryPoint): [string, JsonMap][] {
  return services.map((service) => [
    services.length === 1 ? name : `${name}-${service}`,
    {
      entryPoints: [name],
      middlewares: [middleware],
      // A service that has the entry point to itself gets every request, whatever the Host header says.
      rule: services.length === 1 ? "PathPrefix(`/`)" : `Host(\`${service}\`)`,
      service,
    },
  ]);
}

/** The route to Traefik's own ping, which answers once Traefik has loaded this generation. */
function generationRouter(): JsonMap {
  return {
    entryPoints: [slipwayEntryPoint.name],
    rule: `Path(\`/slipway/${generationPlaceholder}\`)`,
    service: "ping@internal",
  };
}

function backend({ name, port }: Pick<StackService, "name" | "port">): [string, JsonMap][] {
  if (port === undefined) return [];
  return [[name, { loadBalancer: { servers: [{ url: `http://${inColour(name)}:${port}` }] } }]];
}

/** Requires a version that can be written into the dynamic file, which Traefik reads as a template first. */
export function ensureVersionIsPlain({ release }: Pick<Stack, "release">): Problem[] {
  const version = release?.version ?? "";
  return ["{{", colourPlaceholder, generationPlaceholder, "\n"]
    .filter((word) => version.includes(word))
    .map((word) => {
      const [part, whole] = [JSON.stringify(word), JSON.stringify(version)];
      const what = `contains ${part}, which the proxy's routes cannot contain, got ${whole}`;
      return { path: "release.version", what, todo: "name the release in another way" };
    });
}
