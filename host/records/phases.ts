import { uncleanEnd } from "../project/end-containers.ts";
import { lastSteps, type JournalStep } from "../state/journal.ts";
import type { StackState } from "../state/stack-state.ts";
import { ended } from "../work.ts";

/** Lines of the journal in which a run is looked for. */
const most = 5000;

/** The steps that the verbs of a run noted. */
export function journalOf(state: Pick<StackState, "journalLines">, run: string): JournalStep[] {
  return lastSteps(state, most).filter((step) => step.run === run);
}

/** The seconds that each verb of a run took, and each step of the rollout. */
export function phasesOf(lines: readonly JournalStep[]): Record<string, number> {
  const began = new Map<string, number>();
  const phases: Record<string, number> = {};
  for (const { verb, step, time } of lines) {
    if (step.startsWith(uncleanEnd)) continue;
    const isEnd = step === "end" || step.endsWith(` ${ended}`);
    const phase = step === "begin" || step === "end" ? verb : step.replace(` ${ended}`, "");
    if (!isEnd) began.set(phase, Date.parse(time));
    const since = began.get(phase);
    // The clock may have been set back in between.
    if (isEnd && since !== undefined) add(phases, phase, Math.max(0, (Date.parse(time) - since) / 1000));
  }
  return phases;
}

/** The verbs of a run that began and did not end well. */
export function failedVerbs(lines: readonly JournalStep[]): string[] {
  const open = new Map<string, string>();
  for (const { verb, step, number } of lines) {
    if (step === "begin") open.set(`${verb} ${number}`, verb);
    if (step === "end") open.delete(`${verb} ${number}`);
  }
  return [...new Set(open.values())];
}

/** Containers that had to be killed, in words for people (F52). */
export function uncleanEnds(lines: readonly JournalStep[]): string[] {
  const names = lines.flatMap(({ step }) => (step.startsWith(uncleanEnd) ? [step.slice(uncleanEnd.length)] : []));
  return names.map((name) => `'${name}' did not end in time and was killed`);
}

function add(phases: Record<string, number>, phase: string, seconds: number): void {
  phases[phase] = Math.round(((phases[phase] ?? 0) + seconds) * 100) / 100;
}
