import { ConfigurationError } from "../model/problem.ts";
import { describeError } from "../toolchain/problem.ts";
import { exitCodes } from "./exit-code.ts";
import { Refusal } from "./refusal.ts";

/** Says what went wrong, with a stack trace only of what is a defect of slipway, and gives the exit code. */
export function tellFailure(error: unknown): number {
  const known = error instanceof Refusal || error instanceof ConfigurationError;
  process.stderr.write(`${known ? error.message : describeError(error)}\n`);
  return error instanceof Refusal ? error.exitCode : exitCodes.refused;
}
