/**
 * Advice for an unknown name: the known name that was probably meant, or a list of all known names. A caller with too
 * many names to list passes other advice.
 */
export function guess(name: string, names: readonly string[], otherwise: string = listing(names)): string {
  const near = nearest(name, names);
  return near === undefined ? otherwise : `did you mean '${near}'`;
}

function listing(names: readonly string[]): string {
  return names.length === 0 ? "remove it" : `use one of ${names.join(", ")}`;
}

/** The name that was probably meant; undefined if none is near enough. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const close = names.map((name) => ({ name, edits: editsBetween(word.toLowerCase(), name.toLowerCase()) }));
  const [best] = close.sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= Math.max(1, Math.floor((word.length + 1) / 3)) ? best.name : undefined;
}

/** The Levenshtein distance. */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (const [column, other] of Array.from(to).entries()) {
      const kept = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(kept, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
