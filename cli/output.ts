import { describeError } from "../model/problem.ts";

/** Prints a line of the result that the user asked for, to stdout. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Logs a line about slipway's own steps, to stderr, so that the output of `slipway up --json` stays JSON. */
export function log(line: string): void {
  process.stderr.write(`slipway: ${line}\n`);
}

/** Prints why a command failed, to stderr. */
export function printError(error: unknown): void {
  process.stderr.write(`${describeError(error)}\n`);
}
