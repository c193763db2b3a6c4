import { documentsOf, type HostPlan } from "../plan/plan.ts";

/** Something that was applied and that the stack declares no longer. */
export interface RemovedDocument {
  readonly resource: string;
  readonly object: string;
  /** What becomes of it. */
  readonly meaning: string;
}

/** What was applied, by name. */
export interface AppliedName {
  readonly resource: string;
  readonly object: string;
  readonly kind: string;
}

const meanings: Readonly<Record<string, string>> = {
  volume: "its volume stays with all data, and nobody guards it any more",
  compose: "its containers stop and go; volumes stay",
  rollout: "its routes and both colours go",
  migration: "nothing is undone in the database",
};

/** What the engine will delete, as far as the server knows of it. */
export function removedDocuments(plan: HostPlan, applied: readonly AppliedName[]): RemovedDocument[] {
  const kept = new Set(documentsOf(plan).map(({ object }) => object));
  return applied
    .filter(({ object }) => !kept.has(object))
    .map(({ resource, object, kind }) => ({ resource, object, meaning: meanings[kind] ?? "what it made goes" }));
}
