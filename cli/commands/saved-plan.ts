import { resolve } from "node:path";
import { savedFileVariable } from "../../config/plan-variables.ts";
import type { Call } from "./command.ts";
import { Refusal, wrongUsage } from "../refusal.ts";

/**
 * Takes `--plan <file>` out of the words of `slipway up`, and holds the program to that file. Pulumi has an option of that name for plans of its own, which know nothing of
 * the server; slipway's takes its place.
 */
export function withSavedPlan(call: Call): Call {
  const at = call.words.findIndex((word) => word === "--plan" || word.startsWith("--plan="));
  const word = call.words[at];
  if (word === undefined) return call;
  const inline = word.includes("=");
  const file = inline ? word.slice("--plan=".length) : call.words[at + 1];
  if (file === undefined || file === "") {
    throw new Refusal(
      [{ path: "--plan", what: "has no value", todo: "name a file that `slipway plan --save` made" }],
      wrongUsage,
    );
  }
  const words = call.words.toSpliced(at, inline ? 1 : 2);
  return { ...call, words, environment: { ...call.environment, [savedFileVariable]: resolve(file) } };
}
