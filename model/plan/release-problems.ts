import { memoryForColour } from "../facts/fitness.ts";
import { heldAdvice, heldText, type Hold } from "../facts/release/release.ts";
import type { Problem } from "../problem.ts";
import { isSent, type PlannedDocument } from "./planned-document.ts";
import type { HostPlan } from "./plan.ts";

/** Everything on a server that forbids the planned release. The server asks the same again before it starts it. */
export function releaseProblems({ release, observation }: HostPlan): Problem[] {
  if (release === undefined || observation === undefined) return [];
  const { rollout } = release;
  return [
    ...heldProblems(rollout, observation.release?.holds ?? []),
    ...(startsColour(rollout, observation) ? memoryProblems(rollout, observation.host.memoryAvailable) : []),
  ];
}

function heldProblems({ hash }: PlannedDocument, holds: readonly Hold[]): Problem[] {
  return holds
    .filter((hold) => hold.hash === hash)
    .map((hold) => ({ path: "release", what: heldText(hold), todo: heldAdvice(hold) }));
}

/**
 * Tells a rollout that starts a colour beside the one that serves; one that was made of the same document is repaired
 * in place.
 */
export function startsColour(rollout: PlannedDocument, observation: HostPlan["observation"]): boolean {
  const live = observation?.release?.colours.find(({ state }) => state === "live");
  const isSame = live?.hash === rollout.hash || rollout.before?.body["made"] === rollout.document.body["made"];
  return isSent(rollout) && live !== undefined && !isSame;
}

function memoryProblems({ document, before }: PlannedDocument, available: number): Problem[] {
  const stops = document.body["strategy"] === "recreate";
  const freed = stops ? Number(before?.body["memory"] ?? 0) : 0;
  const problem = memoryForColour(Number(document.body["memory"] ?? 0), { available, freed });
  return problem === undefined ? [] : [{ path: "services", ...problem }];
}
