import { bodySchemas, type Body } from "../../model/document/bodies.ts";
import { readDocument } from "../../model/document/reader.ts";
import type { UnhealthyService } from "../../model/facts/health.ts";
import { DataGuard, type GuardedServices, type GuardWork } from "../data/guard.ts";
import { Engine } from "../docker/engine.ts";
import { unhealthyInProject, type PlacedUnhealthyService } from "../project/project-health.ts";
import { ProjectLogs, type LogWork } from "../project/logs.ts";
import { ProjectView } from "../project/project-view.ts";
import { unhealthyInRelease } from "../release/release-health.ts";
import { placeOf } from "../verbs/compose.ts";

/** Milliseconds of waiting after which people are told of it. */
const silence = 3000;

interface Examination extends Pick<LogWork, "secrets" | "say"> {
  readonly view: GuardWork;
  /** The objects of the documents that a run declares. */
  readonly objects: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Everything that these documents started and that is not well, once the deadline in its document has passed (SEC-A5,
 * F136). The last lines of each are told. The guard remembers what all others wrote since their start; nothing else is
 * changed.
 */
export async function examine(request: Examination): Promise<UnhealthyService[]> {
  const { view, objects, say } = request;
  const { applied } = view.state.allApplied();
  const wanted = applied.filter(({ object }) => objects.includes(object));
  const waits = setTimeout(() => say("health", "waits until everything is well, as long as `boot` says"), silence);
  try {
    const found = Promise.all(wanted.map(({ text }) => examineDocument(text, request)));
    const unhealthy = (await Engine.during("health", () => found)).flat();
    await showLogs(unhealthy, request);
    return unhealthy.map(({ service, project, why }) => ({ service, project, why }));
  } finally {
    clearTimeout(waits);
  }
}

/** Only projects and releases have containers that stay. */
async function examineDocument(text: string, request: Examination): Promise<PlacedUnhealthyService[]> {
  const { view, signal } = request;
  const { kind = "", body } = readDocument(text)?.document ?? {};
  if (kind === "compose") {
    const read = bodySchemas.compose.parse(body);
    const unhealthy = await unhealthyShared(read, request);
    await rememberWritten(read.services, unhealthy, request);
    return unhealthy;
  }
  if (kind !== "rollout") return [];
  const read = bodySchemas.rollout.parse(body);
  const unhealthy = await unhealthyInRelease(read, view, signal);
  await rememberWritten(read.services, unhealthy, request);
  return unhealthy;
}

async function unhealthyShared(
  body: Body<"compose">,
  { view, signal }: Examination,
): Promise<PlacedUnhealthyService[]> {
  const awaited = Object.entries(body.services).map(
    ([name, { deadline, job }]) => [name, { name, deadline, job }] as const,
  );
  return await unhealthyInProject({ view, place: placeOf(body), services: new Map(awaited), signal });
}

/** What cannot be remembered fails no run: the next one refuses what was lost, and tries the rest again. */
async function rememberWritten(
  services: GuardedServices,
  unhealthy: readonly UnhealthyService[],
  { view, say }: Examination,
): Promise<void> {
  const names = new Set(unhealthy.map(({ service }) => service));
  const guard = new DataGuard(services, view);
  for (const service of Object.keys(services).filter((name) => !names.has(name))) {
    const failures = await guard.rememberWritten(service);
    for (const why of failures) say("volume", `does not remember what '${service}' wrote: ${why}`);
  }
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
