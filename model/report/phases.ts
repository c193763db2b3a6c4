import { doneText } from "../session/progress.ts";

/** The verb of which the steps are told one by one. */
const whole = "rollout";

/**
 * The phases of a run that rolled a release out, with their times, in the order in which they ended; undefined for
 * another run.
 */
export function phasesText(phases: Readonly<Record<string, number>>): string | undefined {
  if (phases[whole] === undefined) return undefined;
  const told = Object.entries(phases).filter(([phase]) => phase !== whole);
  return `phases: ${doneText(told.map(([step, seconds]) => ({ step, seconds })))}`;
}
