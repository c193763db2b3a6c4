import { z } from "zod";
import { parseJson } from "../../model/json.ts";
import type { StackState } from "./stack-state.ts";

const stepSchema = z.object({
  time: z.string(),
  run: z.string(),
  verb: z.string(),
  action: z.string(),
  step: z.string(),
  /** The number of the document. */
  number: z.string(),
  resource: z.string(),
});

/** A step of a verb, as a line of the stack's journal. */
export type JournalStep = Readonly<z.output<typeof stepSchema>>;

/** Notes a step that begins now. */
export function noteStep(state: Pick<StackState, "journal">, step: Omit<JournalStep, "time">): void {
  state.journal(JSON.stringify({ time: new Date().toISOString(), ...step }));
}

/** Reads the steps in the last lines of the journal. A line that is damaged is left out. */
export function lastSteps(state: Pick<StackState, "journalLines">, lines: number): JournalStep[] {
  return state.journalLines(lines).flatMap((line) => stepSchema.safeParse(parseJson(line)).data ?? []);
}
