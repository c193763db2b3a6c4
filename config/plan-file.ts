import { writeFileSync } from "node:fs";
import type { PrintedPlan } from "../model/printed-plan.ts";

/** Names the file in which a run leaves its plan; `slipway plan` sets it. */
export const planFileVariable = "SLIPWAY_PLAN_FILE";

/** Leaves the plan for whoever asked for it, and does nothing where nobody did. */
export function leavePlan(plan: PrintedPlan, environment: NodeJS.ProcessEnv): void {
  const file = environment[planFileVariable];
  if (file !== undefined && file !== "")
    writeFileSync(file, `${JSON.stringify(plan, undefined, 2)}\n`, { mode: 0o600 });
}
