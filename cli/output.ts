import { describeError } from "../model/problem.ts";

/** A line of what was asked for. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A line about what slipway itself does; beside the output, so that `slipway up --json` stays JSON. */
export function note(line: string): void {
  process.stderr.write(`slipway: ${line}\n`);
}

/** Prints why a command failed. */
export function printError(error: unknown): void {
  process.stderr.write(`${describeError(error)}\n`);
}
