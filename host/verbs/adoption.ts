import type { Difference } from "../../model/facts/observation.ts";
import { giveUp } from "../adoption/give-up.ts";
import { goBack } from "../adoption/go-back.ts";
import { takeOver } from "../adoption/take-over.ts";
import { isUp } from "../docker/container.ts";
import { adoptionOf, keptContainers } from "../state/adoption-memory.ts";
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

/** The kept containers that somebody has started again. */
async function startedAgain(view: View): Promise<Difference[]> {
  return keptContainers(await view.containers(), view.state)
    .filter(isUp)
    .map(({ name, state }) => ({ where: `container ${name}`, expected: "stopped", found: state }));
}
