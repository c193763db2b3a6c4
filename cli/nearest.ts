/** The name that was probably meant, if one is near enough to be worth a guess. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const best = names
    .map((name) => ({ name, edits: edits(word, name) }))
    .reduce((a, b) => (b.edits < a.edits ? b : a), { name: "", edits: Infinity });
  return best.edits <= Math.max(1, Math.floor(word.length / 3)) ? best.name : undefined;
}

/** How many letters must be put in, left out or changed to make one word of the other. */
function edits(from: string, to: string): number {
  const start = Array.from({ length: to.length + 1 }, (_, index) => index);
  const last = Array.from(from).reduce((row, letter, index) => nextRow(row, letter, index + 1, to), start);
  return last[to.length] ?? 0;
}

function nextRow(above: readonly number[], letter: string, first: number, to: string): number[] {
  const row = [first];
  for (let column = 1; column <= to.length; column += 1) {
    const changed = (above[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1);
    row.push(Math.min(changed, (above[column] ?? 0) + 1, (row[column - 1] ?? 0) + 1));
  }
  return row;
}
