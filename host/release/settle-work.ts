import { noteStep } from "../state/journal.ts";
import type { View } from "../view.ts";
import { workOf, type Work } from "../work.ts";

/** Seconds for settling; a release that goes back may have to start first. */
const settleSeconds = 900;

/** What the journal calls the verb of an attending process that settles a release; it has no end of its own. */
export const settleVerb = "session";

/** The work of an attending process on a release, which no verb's document asks for. */
export function settleWork(view: View, say: Work["say"], run: string): Work {
  const number = "-";
  const journal = (step: string): void => {
    noteStep(view.state, { run, verb: settleVerb, action: "settle", step, number, resource: "" });
  };
  const secrets = new Map<string, Uint8Array>();
  const signal = AbortSignal.timeout(settleSeconds * 1000);
  return workOf(view, { object: "rollout", run, number, hash: "", resource: "", secrets, signal, say, journal });
}
