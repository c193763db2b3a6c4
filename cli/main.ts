import { ConfigurationError } from "../model/problem.ts";
import { describeError } from "../toolchain/problem.ts";
import { runSlipway } from "./commands.ts";
import { Refusal } from "./refusal.ts";

process.exitCode = await runSlipway(process.argv.slice(2)).catch(tell);

/** Says what went wrong; a stack trace only of what is a defect of slipway. */
function tell(error: unknown): number {
  const known = error instanceof Refusal || error instanceof ConfigurationError;
  process.stderr.write(`${known ? error.message : describeError(error)}\n`);
  return error instanceof Refusal ? error.exitCode : 1;
}
