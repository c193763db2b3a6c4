import { UserError } from "../../model/problem.ts";
import { driftLines, hasDrift, readDriftReport } from "../../model/report/drift.ts";
import { exitCodes } from "../exit-code.ts";
import { hasOption } from "../options.ts";
import { log, print } from "../output.ts";
import { runPreview } from "../preview.ts";
import type { Call, Command } from "./command.ts";

/** `slipway drift`: compares the servers with what was applied to them. */
export const drift: Command = {
  name: "drift",
  usage: "[--json]",
  summary: "shows what on the server is no longer as it was applied, or is not well",
  details: [
    "",
    `The exit code is ${exitCodes.done} if everything is as it was applied and well, ${exitCodes.drift} if not, and`,
    `${exitCodes.refused} if a server could not be asked.`,
    "Each difference is shown with the expected and the found value. Files and containers beside the stack are shown",
    "as well, and are no drift. Nothing is changed; `slipway up` repairs what slipway made, and explains what to do",
    "about data.",
  ],
  run: printDrift,
};

async function printDrift(call: Call): Promise<number> {
  const json = hasOption(call, drift.name, "json");
  const { ended, drift: text } = await runPreview(call);
  if (text === undefined) {
    log(ended.stdout + ended.stderr);
    const what = "the server was not observed, so its drift is unknown";
    throw new UserError({ path: "slipway drift", what, todo: "see the messages above" });
  }
  const report = readDriftReport(text);
  if (json) print(text.trimEnd());
  else driftLines(report).forEach(print);
  if (ended.code !== 0) log(ended.stdout + ended.stderr);
  if (hasDrift(report)) return exitCodes.drift;
  return ended.code === 0 ? exitCodes.done : exitCodes.refused; // pulumi's code 3 has another meaning than slipway's
}
