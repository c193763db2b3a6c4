import { printable, printableLines } from "../model/printable.ts";
import { describeError, UserError, type Problem } from "../model/problem.ts";
import type { Line } from "../model/report/tone.ts";
import { paint, wantsColour } from "./colour.ts";
import { exitCodeOf, exitCodes } from "./exit-code.ts";

/**
 * Lets a command go on to its end when the reader of its output leaves, as `head` does: it may have changed files
 * already. An output that is lost in another way, as on a full disk, makes the command fail.
 */
export function outliveReaders(): void {
  process.stderr.on("error", () => undefined); // nothing is left that could say so
  process.stdout.on("error", ({ code = "" }: NodeJS.ErrnoException) => {
    if (code === "EPIPE") return;
    printError(new UserError({ path: "stdout", what: `cannot be written (${code})`, todo: "direct it elsewhere" }));
    process.once("exit", () => (process.exitCode = exitCodes.refused));
  });
}

// A name from a file or a server steers no terminal, and no CI log. In JSON the escapes stand for the same text.

/** Prints a line of the result that the user asked for, to stdout. */
export function print(line: Line): void {
  stopPassing();
  process.stdout.write(`${written(line, process.stdout)}\n`);
}

/** Logs a line about slipway's own steps, to stderr, so that the output of `slipway up --json` stays JSON. */
export function log(line: string): void {
  stopPassing();
  process.stderr.write(`slipway: ${printableLines(line)}\n`);
}

/** A line on the terminal is to be written over. */
let isPassing = false;

/** Shows a line on stderr that the next one replaces. Without a terminal it is an ordinary line. */
export function showPassing(line: string): void {
  const { columns, isTTY } = process.stderr;
  if (!isTTY) {
    log(line);
    return;
  }
  process.stderr.write(`\r\x1b[K${printable(`slipway: ${line}`).slice(0, columns - 1)}`);
  isPassing = true;
}

/** Removes the line that is to be written over. */
export function stopPassing(): void {
  if (isPassing) process.stderr.write("\r\x1b[K");
  isPassing = false;
}

/** Prints a result as the one document on stdout. */
export function printJson(result: unknown): void {
  stopPassing();
  process.stdout.write(`${printableLines(JSON.stringify(result, undefined, 2))}\n`);
}

/** Prints why a command failed, to stderr; a prefix says what of it failed. */
export function printError(error: unknown, prefix = ""): void {
  stopPassing();
  const text = `${prefix}${printableLines(describeError(error))}`;
  const tone = error instanceof UserError ? "error" : "plain";
  const [first = "", ...rest] = text.split("\n");
  process.stderr.write(`${[written([{ tone, text: first }], process.stderr), ...rest].join("\n")}\n`);
}

/** Prints why a command failed that was to answer in JSON: its problems to stdout, and a defect also to stderr. */
export function printJsonError(error: unknown): void {
  if (!(error instanceof UserError)) printError(error);
  printJson({ exitCode: exitCodeOf(error), problems: problemsOf(error) });
}

function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof UserError) return error.problems.map(({ path, what, todo }) => ({ path, what, todo }));
  const [what = ""] = describeError(error).split("\n");
  return [{ path: "slipway", what, todo: "this is a defect of slipway; report it with the lines on stderr" }];
}

function written(line: Line, stream: NodeJS.WriteStream): string {
  if (typeof line === "string") return printableLines(line);
  const colours = wantsColour(process.env, stream);
  return line.map(({ tone, text }) => (colours ? paint(tone, printable(text)) : printable(text))).join("");
}
