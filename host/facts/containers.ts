import type { ContainerFact } from "../../model/facts/observation.ts";
import { containersOfProject, type Container } from "../docker/container.ts";
import { isFinishedJob } from "../health/wait.ts";

/** The containers that are really of these compose projects. */
export function containerFacts(projects: readonly string[], containers: readonly Container[]): ContainerFact[] {
  return projects.flatMap((project) => containersOfProject(containers, project).map(factOf));
}

function factOf(container: Container): ContainerFact {
  const { project, service, name, image, state, exitCode, health, restarts, startedAt, finishedAt, oneOff } = container;
  const since = state === "running" ? startedAt : finishedAt;
  const done = oneOff || isFinishedJob(container);
  return { project, service, name, image, state, exitCode, health, since, restarts, done };
}
