import { exitCodes } from "./exit-code.ts";
import { describeProblem, type Problem } from "../model/problem.ts";

/** What a shell is told when the command line itself makes no sense. */
export const wrongUsage = exitCodes.wrongUsage;

/** Why a command does not do what it was asked for: thrown before anything was changed, all reasons at once. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly exitCode: number;

  constructor(problems: readonly Problem[], exitCode: number = exitCodes.refused) {
    super(problems.map(describeProblem).sort().join("\n"));
    this.exitCode = exitCode;
  }
}
