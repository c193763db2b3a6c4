import type { JsonMap } from "../compose/application.ts";
import type { Deployment } from "../stack/deployment.ts";
import { colourWord, generationWord, inColour } from "../stack/names.ts";
import { containerPort, portsOf, releaseServices, slipwayEntryPoint, type EntryPoint } from "../stack/ports.ts";
import type { Problem } from "../problem.ts";
import { writeYaml } from "./yaml.ts";

/** The one middleware: tells on each answer which release gave it. */
const middleware = "release";

/**
 * The proxy's dynamic file. Only one colour stands in it: a switch replaces the whole file, and a child of weight 0 can hang Traefik. The generation tells when
 * Traefik routes by this text.
 */
export function renderRoutes(deployment: Deployment): string {
  const version = versionOf(deployment);
  const { entryPoints } = portsOf(deployment);
  const routers = entryPoints.flatMap((entryPoint) => routersOf(entryPoint));
  const http = {
    middlewares: { [middleware]: { headers: { customResponseHeaders: { "X-Slipway-Release": version } } } },
    routers: { ...Object.fromEntries(routers), generation: generationRouter() },
    services: Object.fromEntries(releaseServices(deployment).flatMap((service) => backend(deployment, service))),
  };
  return `# colour: ${colourWord}, release: ${version}, generation: ${generationWord}\n${writeYaml({ http })}`;
}

function versionOf({ release }: Deployment): string {
  if (release === undefined) throw new Error("there is no release to route to");
  return release.version;
}

function routersOf({ name, services }: EntryPoint): [string, JsonMap][] {
  return services.map((service) => [
    services.length === 1 ? name : `${name}-${service}`,
    {
      entryPoints: [name],
      middlewares: [middleware],
      // Whoever is alone on an entry point gets every request: a caller may pass on the host name that it was called by.
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

function backend(deployment: Deployment, service: string): [string, JsonMap][] {
  const port = containerPort(deployment, service);
  if (port === undefined) return [];
  return [[service, { loadBalancer: { servers: [{ url: `http://${inColour(service)}:${port}` }] } }]];
}

/** What cannot stand in the dynamic file: Traefik reads it as a template first. */
export function routeProblems({ release }: Deployment): Problem[] {
  const version = release?.version ?? "";
  return ["{{", colourWord, generationWord, "\n"]
    .filter((word) => version.includes(word))
    .map((word) => {
      const what = `holds ${JSON.stringify(word)}, which cannot stand in the proxy's routes, got ${JSON.stringify(version)}`;
      return { path: "release.version", what, todo: "name the release in another way" };
    });
}
