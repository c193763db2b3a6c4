import { printableLines } from "../model/printable.ts";
import { describeError } from "../model/problem.ts";

// A name from a file or a server steers no terminal, and no CI log. In JSON the escapes stand for the same text.

/** Prints a line of the result that the user asked for, to stdout. */
export function print(line: string): void {
  process.stdout.write(`${printableLines(line)}\n`);
}

/** Logs a line about slipway's own steps, to stderr, so that the output of `slipway up --json` stays JSON. */
export function log(line: string): void {
  process.stderr.write(`slipway: ${printableLines(line)}\n`);
}

/** Prints why a command failed, to stderr. */
export function printError(error: unknown): void {
  process.stderr.write(`${printableLines(describeError(error))}\n`);
}
