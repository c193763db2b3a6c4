/**
 * Advice for a name that is none of the known ones: the one that was probably meant, or all of them. Where they are too
 * many to list, the caller gives other advice.
 */
export function guess(name: string, names: readonly string[], otherwise: string = listing(names)): string {
  const near = nearest(name, names);
  return near === undefined ? otherwise : `did you mean '${near}'`;
}

function listing(names: readonly string[]): string {
  return names.length === 0 ? "remove it" : `use one of ${names.join(", ")}`;
}

/** The name that was probably meant, if one is near enough to be worth a guess. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const close = names.map((name) => ({ name, edits: editsBetween(word.toLowerCase(), name.toLowerCase()) }));
  const [best] = close.sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= Math.max(1, Math.floor((word.length + 1) / 3)) ? best.name : undefined;
}

/** Letters that have to be added, removed or changed to make one word the other. */
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
