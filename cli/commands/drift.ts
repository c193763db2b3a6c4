import { driftLines, hasDrift, readDriftReport } from "../../model/report/drift.ts";
import { parseArgs } from "node:util";
import type { Call, Command } from "./command.ts";
import { exitCodes } from "../exit-code.ts";
import { note, print } from "../output.ts";
import { runPreview } from "../preview.ts";
import { UserError } from "../../model/problem.ts";

/** `slipway drift`: whether a server is still as it was applied. */
export const drift: Command = {
  name: "drift",
  usage: "[--json]",
  summary: "says what on the server is no longer as it was applied",
  details: [
    "",
    `The exit code is ${exitCodes.done} where everything is as it was applied, and ${exitCodes.drift} where something is not: each thing is told with what was expected and what was found.`,
    "What is beside the stack is told too, and is no drift. Nothing is changed; `slipway up` repairs what slipway made, and says of data what to do.",
  ],
  run: tellDrift,
};

async function tellDrift(call: Call): Promise<number> {
  const json = wantsJson(call);
  const { ended, drift: text } = await runPreview(call);
  if (text === undefined) {
    note(ended.stdout + ended.stderr);
    const what = "the server was not looked at, so nobody knows whether it is as it was applied";
    throw new UserError({ path: "slipway drift", what, todo: "see what is said above" });
  }
  const report = readDriftReport(text);
  if (json) print(text.trimEnd());
  else driftLines(report).forEach(print);
  if (ended.code !== 0) note(ended.stdout + ended.stderr);
  if (hasDrift(report)) return exitCodes.drift;
  return ended.code === 0 ? exitCodes.done : exitCodes.refused; // pulumi's own 3 means something else than slipway's
}

function wantsJson({ words }: Call): boolean {
  try {
    return (
      parseArgs({ args: [...words], options: { json: { type: "boolean" } }, allowPositionals: false }).values.json ===
      true
    );
  } catch {
    const what = `knows no option but --json, got '${words.join(" ")}'`;
    throw new UserError({ path: "slipway drift", what, todo: "see its --help" }, { usage: true });
  }
}
