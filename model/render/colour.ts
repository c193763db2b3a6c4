import type { JsonMap } from "../compose/application.ts";
import type { Deployment } from "../stack/deployment.ts";
import { inColour, namesOf } from "../stack/names.ts";
import { containerPort, releaseServices, settingsOf } from "../stack/ports.ts";
import { deliveredFiles } from "./files.ts";
import { externalVolumes } from "../stack/mounts.ts";
import { secretFiles } from "../stack/secrets.ts";
import { dependencies, serviceFacts, serviceFields } from "./service.ts";
import { externalNetworks } from "./shared.ts";
import { writeYaml } from "./yaml.ts";
import type { RenderedColour, RenderedReleaseService } from "./rendered.ts";
import { renderRoutes } from "./routes.ts";

/** The release, in whichever colour the server brings it up. */
export function renderColour(deployment: Deployment): RenderedColour {
  const { projects, directories, networks } = namesOf(deployment);
  const services = releaseServices(deployment);
  const compose = {
    name: projects.colour,
    services: Object.fromEntries(
      services.map((service) => [inColour(service), composeService(deployment, service, services)]),
    ),
    networks: { ...externalNetworks({ data: networks.data }), private: {} },
    volumes: externalVolumes(deployment, services),
  };
  return {
    project: projects.colour,
    directory: directories.colour,
    compose: writeYaml(compose),
    routes: renderRoutes(deployment),
    files: deliveredFiles(deployment, services),
    secrets: secretFiles(deployment, services),
    services: Object.fromEntries(services.map((service) => [service, releaseFacts(deployment, service)])),
  };
}

function composeService(deployment: Deployment, service: string, released: readonly string[]): JsonMap {
  const { directories, envFiles } = namesOf(deployment);
  return {
    ...serviceFields(deployment, service, directories.colour, envFiles.colour),
    ...dependencies(deployment, service, released, inColour),
    // The bare name is known among the services of one colour alone, so that a release never calls the other one.
    networks: { data: {}, private: { aliases: [service] } },
  };
}

function releaseFacts(deployment: Deployment, service: string): RenderedReleaseService {
  return {
    ...serviceFacts(deployment, service),
    port: containerPort(deployment, service),
    health: settingsOf(deployment, service).health,
  };
}
