import { UserError } from "../../model/problem.ts";
import { driftLines, hasDrift, readDriftReport } from "../../model/report/drift.ts";
import { exitCodes } from "../exit-code.ts";
import { log, print } from "../output.ts";
import { explainedFault } from "../pulumi.ts";
import { runPreview } from "../preview.ts";
import * as declared from "../declaration/plans.ts";
import { command, type Answer, type Call } from "./command.ts";

/** `slipway drift`: compares the servers with what was applied to them. */
export const drift = command(declared.drift, printDrift);

async function printDrift(call: Call): Promise<Answer> {
  const { ended, drift: text } = await runPreview(call);
  if (text === undefined) {
    const fault = explainedFault(ended.stderr, call);
    if (fault !== undefined) throw fault;
    log(ended.stdout + ended.stderr);
    const what = "the server was not observed, so its drift is unknown";
    throw new UserError({ path: "slipway drift", what, todo: "see the messages above" });
  }
  const report = readDriftReport(text);
  if (ended.code !== 0) log(ended.stdout + ended.stderr);
  // pulumi's code 3 has another meaning than slipway's
  const otherwise = ended.code === 0 ? exitCodes.done : exitCodes.refused;
  const exitCode = hasDrift(report) ? exitCodes.drift : otherwise;
  return { exitCode, json: report, show: () => driftLines(report).forEach((line) => print(line)) };
}
