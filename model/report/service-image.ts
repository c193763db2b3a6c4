import type { ContainerFact, Observation } from "../facts/observation.ts";
import { proxyService } from "../stack/names.ts";
import type { StackService } from "../stack/service.ts";
import type { StackHost } from "../stack/stack.ts";
import type { ServiceImage } from "./printed-plan.ts";

/** The images of all services of a host, the proxy's last. */
export function serviceImages(
  { services, parts, projects }: StackHost,
  observation: Observation | undefined,
): ServiceImage[] {
  const containers = observation?.containers.filter(({ state }) => state === "running");
  const running = (part: StackService["part"] | "proxy", name: string): readonly string[] | undefined =>
    containers && imagesOf(containers.filter((container) => belongsTo(container, projects, part, name)));
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

/** Tells a container of a service; a release service is called `api-blue` in the project of its colour. */
function belongsTo(
  { project, service }: ContainerFact,
  projects: StackHost["projects"],
  part: StackService["part"] | "proxy",
  name: string,
): boolean {
  const ownPart = projects[project];
  if (part === "release") return (ownPart === "blue" || ownPart === "green") && service === `${name}-${ownPart}`;
  return ownPart === part && service === name;
}
