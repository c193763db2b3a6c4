import { costOf } from "./impact.ts";
import { changesOf, type HostPlan } from "./plan.ts";
import type { PlannedDocument } from "./planned-document.ts";

/** What a run will do on the server and what it costs, a line for each document that changes and for each thing that is not as it was applied. */
export function planSummary(plan: HostPlan): string {
  const { stack, connection, release } = plan.deployment;
  const kept = plan.keepsRelease ? " (no release document: the one that was applied last stays)" : "";
  const head = `${stack} on ${connection.host}, release ${release?.version ?? "none"}${kept}`;
  const changes = changesOf(plan).filter(({ change }) => change.kind !== "blind" || change.likely === "changed");
  if (changes.length === 0) return `${head}: the server is as declared`;
  return [`${head}:`, ...changes.flatMap(changeLines)].join("\n");
}

function changeLines(planned: PlannedDocument): string[] {
  const { impact, meaning } = costOf(planned);
  const cost = impact === "none" ? "" : ` [${impact}: ${meaning}]`;
  return [`  ${planned.document.resource}: ${describeChange(planned)}${cost}`, ...differenceLines(planned)];
}

function describeChange({ change }: PlannedDocument): string {
  switch (change.kind) {
    case "same":
      return "as declared";
    case "new":
      return "is not there yet";
    case "changed":
      return "is declared otherwise than it was applied";
    case "repair":
      return "is not as it was applied";
    case "blind":
      return "is declared otherwise than it was published; the server was not asked";
  }
}

function differenceLines({ change }: PlannedDocument): string[] {
  if (change.kind !== "repair") return [];
  return change.differences.map(({ where, expected, found }) => `    ${where}: expected ${expected}, found ${found}`);
}
