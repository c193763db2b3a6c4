import type { Deployment } from "../stack/deployment.ts";
import { namesOf, proxyService } from "../stack/names.ts";
import type { ContainerFact, Observation } from "../facts/observation.ts";
import { releaseServices } from "../stack/ports.ts";
import { imageOf, proxyImageOf } from "../stack/images.ts";

/** What runs beside what is declared. */
export interface ServiceImage {
  readonly service: string;
  readonly declared: string;
  /** Images of its running containers; undefined where the server was not asked. */
  readonly running: readonly string[] | undefined;
}

/** Every service of the stack, the proxy last. */
export function serviceImages(deployment: Deployment, observation: Observation | undefined): ServiceImage[] {
  const running = (service: string): readonly string[] | undefined =>
    observation && runningOf(deployment, observation, service);
  const services = Object.keys(deployment.application.services).sort();
  return [
    ...services.map((service) => ({ service, declared: imageOf(deployment, service), running: running(service) })),
    { service: proxyService, declared: proxyImageOf(deployment), running: running(proxyService) },
  ];
}

function runningOf(deployment: Deployment, { containers }: Observation, service: string): string[] {
  const images = containers
    .filter((container) => container.state === "running" && isOf(deployment, container, service))
    .map(({ image }) => image);
  return [...new Set(images)].sort();
}

function isOf(deployment: Deployment, container: ContainerFact, service: string): boolean {
  const { projects } = namesOf(deployment);
  const { project, service: called } = container;
  if (service === proxyService) return project === projects.proxy;
  if (!releaseServices(deployment).includes(service)) return project === projects.shared && called === service;
  return (
    (project === projects.blue && called === `${service}-blue`) ||
    (project === projects.green && called === `${service}-green`)
  );
}
