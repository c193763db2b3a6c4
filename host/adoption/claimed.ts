import { Claims, type HeldClaim } from "../claims/claims.ts";
import { adoptionOf } from "../state/adoption-memory.ts";
import type { StackState } from "../state/stack-state.ts";
import type { Work } from "../work.ts";

/** Writes into the stack's claim that nobody else may adopt the hand-made project, or that they may again. */
export function claimProject({ places, state }: Work): void {
  const claims = new Claims(places);
  const held = claims.of(places.stack);
  const own = state.body("claim")?.projects;
  if (held === undefined || own === undefined) return;
  claims.write(places.stack, { ...held, projects: claimedProjects(own, state) });
}

/** The stack's own projects, and the hand-made one that it may go back to. */
export function claimedProjects(own: HeldClaim["projects"], state: StackState): HeldClaim["projects"] {
  const adoption = adoptionOf(state);
  return adoption === undefined || adoption.done ? own : { [adoption.project]: "adopted", ...own };
}
