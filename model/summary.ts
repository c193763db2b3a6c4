import { documentsOf, type HostPlan } from "./plan.ts";
import type { Change, PlannedDocument } from "./planned-document.ts";

/** What a run will do on the server, a line for each document that changes. */
export function planSummary(plan: HostPlan): string {
  const { stack, connection, release } = plan.deployment;
  const planned = documentsOf(plan);
  const lines = planned.flatMap(changeLines);
  const head = `${stack} on ${connection.host}, release ${release?.version ?? "none"}`;
  if (lines.length === 0) return `${head}: the server is as declared`;
  return [`${head}:`, ...lines].join("\n");
}

function changeLines({ document: { resource }, change }: PlannedDocument): string[] {
  return describeChange(change).map((text) => `  ${resource}: ${text}`);
}

function describeChange(change: Change): string[] {
  switch (change.kind) {
    case "same":
      return [];
    case "new":
      return ["is not there yet"];
    case "changed":
      return ["is declared otherwise than it was applied"];
    case "repair":
      return change.differences.map(
        ({ where, expected, found }) => `${where} is not as it was applied: expected ${expected}, found ${found}`,
      );
    case "blind":
      return change.likely === "same" ? [] : ["is declared otherwise than it was published; the server was not asked"];
  }
}
