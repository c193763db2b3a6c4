/** Sets rows of texts as columns of plain text; what does not fit goes on in the next line. */
export function textTable(rows: readonly (readonly string[])[], widths: readonly number[], indent = "  "): string[] {
  return rows.flatMap((row) => {
    const cells = row.map((cell, at) => cell.split("\n").flatMap((line) => wrapLine(line, widths[at] ?? 20)));
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) => {
      const parts = cells.map((cell, at) => (cell[line] ?? "").padEnd(widths[at] ?? 20));
      return `${indent}${parts.join("  ")}`.trimEnd();
    });
  });
}

/** Breaks a line between words, or within one that is longer than a line. */
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
