import type { HostPlan, ReleaseDocuments } from "../../../model/plan/plan.ts";
import type { PlannedDocument } from "../../../model/plan/planned-document.ts";
import type { SharedDocuments } from "../../../model/plan/shared.ts";

/** The documents of the shared services of a plan that has some before its release. */
export function sharedDocuments({
  shared,
}: Pick<HostPlan, "shared">): SharedDocuments & { readonly compose: PlannedDocument } {
  if (shared?.before === undefined) throw new Error("the plan has no shared services before its release");
  return { ...shared, compose: shared.before };
}

/** The only migration of a plan. */
export function migrationDocument({ release }: Pick<HostPlan, "release">): PlannedDocument | undefined {
  return release?.migrations[0];
}

/** The documents of the release of a plan that has one. */
export function releaseDocuments({ release }: Pick<HostPlan, "release">): ReleaseDocuments {
  if (release === undefined) throw new Error("the plan has no release");
  return release;
}
