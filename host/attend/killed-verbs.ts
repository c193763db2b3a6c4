import { settleVerb } from "../release/settle-work.ts";
import { lastSteps, type JournalStep } from "../state/journal.ts";
import type { StackState } from "../state/stack-state.ts";

/** Lines of the journal in which it looks: those of the last runs. */
const lines = 50;

/** Tells of each verb that began and has no end, although no verb is at work: it could not tell that itself. */
export function tellKilledVerbs(
  state: Pick<StackState, "journalLines">,
  say: (phase: string, message: string) => void,
): void {
  const last = new Map<string, JournalStep>();
  for (const step of lastSteps(state, lines)) {
    if (step.verb !== settleVerb) last.set(`${step.verb} ${step.resource}`, step);
  }
  for (const { verb, resource, number, step } of last.values()) {
    if (step === "end" || step === "fail") continue;
    const what = `the verb of document ${number} of ${resource} was killed at '${step}' in an earlier run`;
    say(verb, `${what}; see in \`journalctl -k\` whether the server ran out of memory`);
  }
}
