import type { UnhealthyService } from "../../model/facts/health.ts";
import { containersOfProject, type Container } from "../docker/container.ts";
import type { ProjectPlace } from "./compose-command.ts";
import type { View } from "../view.ts";
import { areReady, waitReady, type AwaitedService } from "../health/wait.ts";

/** A service that is not well, with the container whose log may tell why. */
export interface PlacedUnhealthyService extends UnhealthyService {
  readonly place: ProjectPlace;
  readonly container: Container | undefined;
}

/** The services of a compose project, by the names that people know. */
interface ExaminedProject {
  readonly view: Pick<View, "engine" | "containers" | "progress">;
  readonly place: ProjectPlace;
  readonly services: ReadonlyMap<string, AwaitedService>;
  readonly signal: AbortSignal;
}

/** Waits until each service is ready by Docker's word, at most its own deadline; returns all that are not. */
export async function unhealthyInProject({
  view,
  place,
  services,
  signal,
}: ExaminedProject): Promise<PlacedUnhealthyService[]> {
  const { project } = place;
  const began = performance.now();
  const containers = containersOfProject(await view.containers(), project);
  if (areReady([...services.values()], containers)) return [];
  const unhealthy: PlacedUnhealthyService[] = [];
  const rest = new Map(services);
  while (rest.size > 0) {
    const elapsed = (performance.now() - began) / 1000;
    const awaited = [...rest.values()].map((one) => ({ ...one, deadline: Math.max(0, one.deadline - elapsed) }));
    const failed = await waitReady(view.engine, project, awaited, { signal, progress: view.progress });
    if (failed.length === 0) break;
    for (const [service, { name, deadline }] of [...rest]) {
      const found = failed.find((one) => one.service === name);
      if (found === undefined) continue;
      rest.delete(service);
      // The wait knows only what was left of the time.
      const why = found.why.replace(/ after [0-9.]+ s$/, ` after ${deadline} s`);
      unhealthy.push({ service, project, why, place, container: found.container });
    }
  }
  return unhealthy;
}
