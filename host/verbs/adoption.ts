import type { Difference } from "../../model/facts/observation.ts";
import { giveUp } from "../adoption/give-up.ts";
import { goBack } from "../adoption/go-back.ts";
import { adoptionOf } from "../state/adoption-memory.ts";
import { takeOver } from "../adoption/take-over.ts";
import type { Verb } from "./verb.ts";
import type { View } from "../view.ts";

/**
 * The compose project by hand whose place the stack takes (X1). It stops, and starts again when the stack is removed,
 * unless its containers were given up.
 */
export const adoption: Verb<"adoption"> = {
  kind: "adoption",

  seconds: () => 1800,

  async differences({ project, done }, view) {
    const known = adoptionOf(view.state);
    if (known?.project !== project || known.done !== (done === "true")) {
      return [{ where: `project ${project}`, expected: done === "true" ? "given up" : "taken over", found: "not" }];
    }
    return await started(view);
  },

  async apply(body, work) {
    if (body.done === "true") await giveUp(body.project, work);
    else await takeOver(body, work);
    return {};
  },

  async remove(_body, work) {
    await goBack(work);
  },
};

/** The containers that were stopped, and that somebody started again. */
async function started(view: View): Promise<Difference[]> {
  const kept = adoptionOf(view.state)?.containers.filter(({ replaced }) => !replaced) ?? [];
  const ids = new Set(kept.map(({ description }) => description.Id));
  return (await view.containers())
    .filter(({ id, state }) => ids.has(id) && ["running", "restarting", "paused"].includes(state))
    .map(({ name, state }) => ({ where: `container ${name}`, expected: "stopped", found: state }));
}
