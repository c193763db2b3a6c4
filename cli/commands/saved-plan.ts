import { resolve } from "node:path";
import { requirePlanVariable } from "../../config/plan-variables.ts";
import type { Call } from "./command.ts";
import { takeOption } from "../own-options.ts";

/**
 * Takes `--plan <file>` out of the words of `slipway up`, and holds the program to that file. Pulumi has an option of that name for plans of its own, which know nothing of
 * the server; slipway's takes its place.
 */
export function withSavedPlan(call: Call): Call {
  const { words, value } = takeOption(call.words, "--plan", "name a file that `slipway plan --save` made");
  if (value === undefined) return call;
  return { ...call, words, environment: { ...call.environment, [requirePlanVariable]: resolve(value) } };
}
