import { printable } from "../printable.ts";

/** The meaning of a piece of text, which a terminal shows as a colour. */
export type Tone = "plain" | "heading" | "quiet" | "added" | "changed" | "removed" | "warning" | "error" | "good";

/** A piece of a line with one meaning. */
export interface Span {
  readonly tone: Tone;
  readonly text: string;
}

/** A line for people; a text without spans is plain. */
export type Line = string | readonly Span[];

/** A line whose foreign texts steer no terminal. */
export function printableLine(line: Line): Line {
  if (typeof line === "string") return printable(line);
  return line.map(({ tone, text }) => ({ tone, text: printable(text) }));
}

/** The text of a line. */
export function textOf(line: Line): string {
  return typeof line === "string" ? line : line.map(({ text }) => text).join("");
}
