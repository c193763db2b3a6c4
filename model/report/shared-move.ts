import { isMap } from "../json.ts";
import type { Document } from "../document/document.ts";
import { composeObject } from "../document/object.ts";
import { readDocument } from "../document/reader.ts";
import type { HostPlan } from "../plan/plan.ts";
import type { PlannedDocument } from "../plan/planned-document.ts";
import { waitsForEnd } from "../stack/start/job.ts";
import type { StackService } from "../stack/service.ts";
import type { ServiceMove } from "./printed-plan.ts";

/** The moves of a part of the shared services, with what its jobs do: a job that is made again runs again. */
export function withJobs(moves: readonly ServiceMove[], services: readonly StackService[]): ServiceMove[] {
  const jobs = services.filter(({ job }) => job !== undefined).map(({ name }) => name);
  const told = moves.map((move) =>
    jobs.includes(move.service) && move.move === "restarts" ? { ...move, move: "runs again" as const } : move,
  );
  return [...told, ...runsForOthers(told, services)];
}

/** The jobs that run again because a service that waits for their end is made again, or because such a job runs. */
function runsForOthers(moves: readonly ServiceMove[], services: readonly StackService[]): ServiceMove[] {
  const made = moves.filter(({ move }) => move !== "stops").map(({ service }) => service);
  const found = services
    .filter(({ name, job }) => job === "ends" && !made.includes(name))
    .flatMap(({ name }): ServiceMove[] => {
      const waiting = services.filter((one) => made.includes(one.name) && waitsForEnd(one, name));
      if (waiting.length === 0) return [];
      const reasons = waiting.map((one) => `'${one.name}' waits for its end, and is made again`);
      return [{ service: name, move: "runs again", reasons }];
    });
  return found.length === 0 ? [] : [...found, ...runsForOthers([...moves, ...found], services)];
}

/**
 * The moves of a part of the shared services, where a service may have been in the other part when it was applied: its
 * container stays. Compose 2.26 makes it again if its `depends_on` changed.
 */
export function withTheOther(moves: readonly ServiceMove[], plan: HostPlan, planned: PlannedDocument): ServiceMove[] {
  const { before, after } = plan.shared ?? {};
  const other = planned === before ? after : before;
  const [were, are] = [servicesOf(appliedOther(plan, planned)), servicesOf(other?.document)];
  return moves.flatMap((move): ServiceMove[] => {
    if (move.move === "stops" && are.includes(move.service)) return [];
    if (move.move !== "starts" || !were.includes(move.service) || are.includes(move.service)) return [move];
    return [{ ...move, move: "may restart", reasons: ["it starts at another place of the order"] }];
  });
}

/** The applied document of the other part; undefined if there is none, or none that is known. */
function appliedOther({ observation }: HostPlan, { document: { body } }: PlannedDocument): Document | undefined {
  const project = typeof body["project"] === "string" ? body["project"] : "";
  const object = composeObject(project, body["after"] === undefined);
  return readDocument(observation?.applied.find((fact) => fact.object === object)?.text ?? "")?.document;
}

function servicesOf(document: Document | undefined): string[] {
  const services = document?.body["services"];
  return isMap(services) ? Object.keys(services) : [];
}
