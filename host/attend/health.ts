import { bodySchemas } from "../../model/document/bodies.ts";
import { readDocument } from "../../model/document/reader.ts";
import type { UnhealthyService } from "../../model/facts/health.ts";
import { Engine } from "../docker/engine.ts";
import { unhealthyInProject, type PlacedUnhealthyService } from "../project/project-health.ts";
import { ProjectLogs, type LogWork } from "../project/logs.ts";
import { ProjectView } from "../project/project-view.ts";
import { unhealthyInRelease } from "../release/release-health.ts";
import { placeOf } from "../verbs/compose.ts";
import type { View } from "../view.ts";

/** Milliseconds of waiting after which people are told of it. */
const silence = 3000;

interface Examination extends Pick<LogWork, "secrets" | "say"> {
  readonly view: View;
  /** The objects of the documents that a run declares. */
  readonly objects: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Everything that these documents started and that is not well, once the deadline in its document has passed (SEC-A5,
 * F136). The last lines of each are told. It changes nothing.
 */
export async function examine(request: Examination): Promise<UnhealthyService[]> {
  const { view, objects, signal, say } = request;
  const { applied } = view.state.allApplied();
  const wanted = applied.filter(({ object }) => objects.includes(object));
  const waits = setTimeout(() => say("health", "waits until everything is well, as long as `boot` says"), silence);
  try {
    const found = Promise.all(wanted.map(({ text }) => unhealthyOf(text, view, signal)));
    const unhealthy = (await Engine.during("health", () => found)).flat();
    await showLogs(unhealthy, request);
    return unhealthy.map(({ service, project, why }) => ({ service, project, why }));
  } finally {
    clearTimeout(waits);
  }
}

/** Only projects and releases have containers that stay. */
async function unhealthyOf(text: string, view: View, signal: AbortSignal): Promise<PlacedUnhealthyService[]> {
  const { kind = "", body } = readDocument(text)?.document ?? {};
  if (kind === "compose") {
    const read = bodySchemas.compose.parse(body);
    const awaited = Object.entries(read.services).map(
      ([name, { deadline, job }]) => [name, { name, deadline, job }] as const,
    );
    return await unhealthyInProject({ view, place: placeOf(read), services: new Map(awaited), signal });
  }
  return kind === "rollout" ? await unhealthyInRelease(bodySchemas.rollout.parse(body), view, signal) : [];
}

/** One after the other, so that no line comes between those of another container. */
async function showLogs(
  unhealthy: readonly PlacedUnhealthyService[],
  { view, secrets, say }: Examination,
): Promise<void> {
  for (const { place, container } of unhealthy) {
    if (container === undefined) continue;
    await new ProjectLogs(new ProjectView(place, view), { engine: view.engine, secrets, say }).show(container);
  }
}
