import { UserError } from "../model/problem.ts";

/** Exit codes of slipway's commands. docs/exit-codes.md explains them, and a test compares the two lists. */
export const exitCodes = {
  /** The command succeeded. */
  done: 0,
  /** The command was refused or failed, and printed every reason. */
  refused: 1,
  /** The command line is invalid, and nothing was done. */
  wrongUsage: 2,
  /** `slipway drift`: something on the server is not as it was applied, or a service is not well. */
  drift: 3,
  /** `slipway env check`, `slipway gitlab preview`: this machine lacks the keys to check everything. */
  notChecked: 4,
  /** `slipway status`: a service is not well, a release is held, or a server did not answer. */
  unwell: 5,
} as const;

export type ExitCodeName = keyof typeof exitCodes;

/** The exit code of a command that threw. */
export function exitCodeOf(error: unknown): number {
  return error instanceof UserError && error.usage ? exitCodes.wrongUsage : exitCodes.refused;
}
