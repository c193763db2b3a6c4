import type { ContainerFact, Observation } from "../facts/observation.ts";
import { proxyService } from "../stack/names.ts";
import type { StackService } from "../stack/service.ts";
import type { StackHost } from "../stack/stack.ts";
import type { ServiceImage } from "./printed-plan.ts";

/** Every service of a host, the proxy last. */
export function serviceImages(
  { services, parts, projects }: StackHost,
  observation: Observation | undefined,
): ServiceImage[] {
  const containers = observation?.containers.filter(({ state }) => state === "running");
  const running = (part: StackService["part"] | "proxy", name: string): readonly string[] | undefined =>
    containers && imagesOf(containers.filter((container) => isOf(container, projects, part, name)));
  return [
    ...services
      .filter(({ part }) => part !== "migration")
      .map(({ name, part, image }) => ({ service: name, declared: image, running: running(part, name) }))
      .sort((a, b) => (a.service < b.service ? -1 : 1)),
    { service: proxyService, declared: parts.proxy.image, running: running("proxy", proxyService) },
  ];
}

function imagesOf(containers: readonly ContainerFact[]): string[] {
  return [...new Set(containers.map(({ image }) => image))].sort();
}

/** A release service is called `api-blue` in the project of its colour. */
function isOf(
  { project, service }: ContainerFact,
  projects: StackHost["projects"],
  part: StackService["part"] | "proxy",
  name: string,
): boolean {
  const found = projects[project];
  if (part === "release") return (found === "blue" || found === "green") && service === `${name}-${found}`;
  return found === part && service === name;
}
