import { printable } from "../printable.ts";
import type { Line, Tone } from "./tone.ts";

/** The marks with which Pulumi's engine shows a text in colour, where it shows colours at all. */
const marks: Readonly<Record<Tone, string>> = {
  plain: "",
  heading: "<{%bold%}>",
  quiet: "<{%fg 8%}>",
  added: "<{%fg 2%}>",
  changed: "<{%fg 3%}>",
  removed: "<{%fg 1%}>",
  warning: "<{%fg 3%}>",
  error: "<{%fg 1%}>",
  good: "<{%fg 2%}>",
};

/** Writes lines for a message of Pulumi. Foreign texts are printable, and so hold no mark. */
export function engineText(lines: readonly Line[]): string {
  return lines.map(lineText).join("\n");
}

function lineText(line: Line): string {
  if (typeof line === "string") return printable(line);
  return line
    .map(({ tone, text }) => {
      const mark = text.trim() === "" ? "" : marks[tone];
      return mark === "" ? printable(text) : `${mark}${printable(text)}<{%reset%}>`;
    })
    .join("");
}
