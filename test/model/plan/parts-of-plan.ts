import type { HostPlan, ReleaseDocuments, SharedDocuments } from "../../../model/plan/plan.ts";

/** The documents of the shared services of a plan that has some. */
export function sharedDocuments({ shared }: Pick<HostPlan, "shared">): SharedDocuments {
  if (shared === undefined) throw new Error("the plan has no shared services");
  return shared;
}

/** The documents of the release of a plan that has one. */
export function releaseDocuments({ release }: Pick<HostPlan, "release">): ReleaseDocuments {
  if (release === undefined) throw new Error("the plan has no release");
  return release;
}
