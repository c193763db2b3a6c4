import type { PrintedPlan } from "../../../model/report/printed-plan.ts";
import { planLines } from "../../../model/report/table.ts";
import { textOf } from "../../../model/report/tone.ts";

/** The table of a plan without its colours. */
export function planTable(plan: PrintedPlan): string {
  return planLines(plan).map(textOf).join("\n");
}
