import { printable } from "../printable.ts";
import type { Line, Span, Tone } from "./tone.ts";

/** A cell of a table: plain text, or lines with a tone each. */
export type Cell = string | readonly Span[];

/** A cell with one tone. */
export function toned(tone: Tone, text: string): readonly Span[] {
  return [{ tone, text }];
}

/** Writes rows as columns; a cell that is too wide continues on the next line. */
export function columns(rows: readonly (readonly Cell[])[], widths: readonly number[], indent = "  "): Line[] {
  return rows.flatMap((row) => {
    const cells = row.map((cell, at) => wrapped(cell, widths[at] ?? 20));
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, line): Line => {
      const last = cells.findLastIndex((cell) => (cell[line]?.text ?? "") !== "");
      const parts = cells.slice(0, last + 1).map((cell, at): Span => {
        const { tone = "plain", text = "" } = cell[line] ?? {};
        return { tone, text: at === last ? text.trimEnd() : `${text.padEnd(widths[at] ?? 20)}  ` };
      });
      return parts.length === 0 ? "" : [{ tone: "plain", text: indent }, ...parts];
    });
  });
}

function wrapped(cell: Cell, width: number): Span[] {
  const spans = typeof cell === "string" ? toned("plain", cell) : cell;
  return spans.flatMap(({ tone, text }) =>
    text.split("\n").flatMap((line) => wrapLine(printable(line), width).map((part) => ({ tone, text: part }))),
  );
}

/** Breaks a line between words, or within a word that is wider than a line. */
function wrapLine(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = word.match(new RegExp(`.{1,${width}}`, "gsu")) ?? [""];
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  return [...lines, line];
}
