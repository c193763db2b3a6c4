import type { DocumentKind } from "../../model/document/bodies.ts";
import { removeUnfinished } from "../project/unfinished.ts";
import type { Work } from "../work.ts";
import { compose } from "./compose.ts";
import { migration } from "./migration.ts";
import { rollout } from "./rollout.ts";
import type { Verb } from "./verb.ts";

/**
 * Removes what a cut or failed run has left of a stack's services. Pulumi removes the services that it knows before
 * their networks; of others it has no resource, since their making did not end for it.
 */
export async function removeLeftovers(work: Work): Promise<void> {
  await removeApplied(rollout, work);
  await removeApplied(migration, work);
  await removeApplied(compose, work);
  await removeUnfinished(work);
}

async function removeApplied<Kind extends DocumentKind>(verb: Verb<Kind>, work: Work): Promise<void> {
  const { state } = work;
  for (const { kind, object } of state.allApplied().applied.filter((one) => one.kind === verb.kind)) {
    const body = state.body(verb.kind, object);
    if (body === undefined) continue;
    work.say(kind, `removes what a run left that did not end, ${object}`);
    await verb.remove(body, work);
    state.forget(object);
  }
}
