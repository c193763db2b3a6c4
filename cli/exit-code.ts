import { UserError } from "../model/problem.ts";

/** What slipway tells a shell; docs/exit-codes.md says it to people, and a test holds the two together. */
export const exitCodes = {
  /** It is done. */
  done: 0,
  /** It was refused or failed; all reasons are told. */
  refused: 1,
  /** The command line makes no sense; nothing was done. */
  wrongUsage: 2,
  /** `slipway drift`: something on the server is not as declared. */
  drift: 3,
  /** `slipway env check`: what could be looked at is right, and the values of some environment could not be looked at here. */
  notChecked: 4,
} as const;

/** The exit code of a command that threw. */
export function exitCodeOf(error: unknown): number {
  return error instanceof UserError && error.usage ? exitCodes.wrongUsage : exitCodes.refused;
}
