import type { ContainerFact, NamesakeFact } from "../../model/facts/observation.ts";
import { containersOfProject, type Container } from "../docker/container.ts";
import { isFinishedJob } from "../health/wait.ts";

/** The containers that are really of these compose projects. */
export function containerFacts(projects: readonly string[], containers: readonly Container[]): ContainerFact[] {
  return projects.flatMap((project) => containersOfProject(containers, project).map(factOf));
}

/** The containers that have one of these names, and are of none of these compose projects. */
export function namesakeFacts(
  { projects, names }: { readonly projects: readonly string[]; readonly names: readonly string[] },
  containers: readonly Container[],
): NamesakeFact[] {
  const own = new Set(projects.flatMap((project) => containersOfProject(containers, project)).map(({ id }) => id));
  return containers
    .filter(({ id, name }) => names.includes(name) && !own.has(id))
    .map(({ name, project, image }) => ({ name, project, image }));
}

function factOf(container: Container): ContainerFact {
  const { project, service, name, image, state, exitCode, health, restarts, startedAt, finishedAt, oneOff } = container;
  const since = state === "running" ? startedAt : finishedAt;
  const done = oneOff || isFinishedJob(container);
  return { project, service, name, image, state, exitCode, health, since, restarts, done };
}
