import type { Difference } from "../../model/facts/observation.ts";
import { giveUp } from "../adoption/give-up.ts";
import { goBack } from "../adoption/go-back.ts";
import { handMadeContainers } from "../adoption/hand-made.ts";
import { takeOver } from "../adoption/take-over.ts";
import { isUp } from "../docker/container.ts";
import { adoptionOf, keptId } from "../state/adoption-memory.ts";
import type { View } from "../view.ts";
import type { Verb } from "./verb.ts";

/**
 * The hand-made compose project whose place the stack takes (X1). It stops, and starts again when the stack is removed,
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
    return await startedAgain(view);
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

/** The containers that somebody has started again, or recreated by hand. */
async function startedAgain(view: View): Promise<Difference[]> {
  const adoption = adoptionOf(view.state);
  if (adoption === undefined || adoption.done) return [];
  const replaced = new Set(adoption.containers.filter((one) => one.replaced).map(keptId));
  const own = view.state.body("claim")?.projects ?? {};
  return handMadeContainers(adoption.project, { containers: await view.containers(), adoption, own })
    .filter((one) => isUp(one) && !replaced.has(one.id))
    .map(({ name, state }) => ({ where: `container ${name}`, expected: "stopped", found: state }));
}
