/** Pieces that are difficult for a reader of env files. */
const traps = [
  ...['"', "'", "$", "\\", "#", " ", "\n", "\r", "\t", "=", ":", "`", "{", "}", "X", "A", "n", "r", "0", "a", "%", "!"],
  ...["${X}", "$X", "$$", "${X:-d}", "$(id)", "\\n", "\\$", "\\\\", '\\"', "'\\''", " #", "\r\n", "export ", "\ufeff"],
  ...["\u0001", "\u001b", "\u000b", "\u0085", "\u2028", "\u00a0", "é", "日本", "🚀", "  ", "<<<", "\u007f"],
];

/**
 * Makes values that are the same in each run, so that a failure can be repeated: the pieces above, and any character.
 */
export function randomValues(count: number, seed = 1): string[] {
  const random = generator(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const piece = (): string => (below(4) === 0 ? character(below) : (traps[below(traps.length)] ?? ""));
  return Array.from({ length: count }, () => Array.from({ length: below(9) }, piece).join(""));
}

/** Makes any character of Unicode but NUL and surrogates. */
function character(below: (limit: number) => number): string {
  const code = 1 + below(below(2) === 0 ? 0x2ff : 0x10fffe);
  return code >= 0xd800 && code <= 0xdfff ? "x" : String.fromCodePoint(code);
}

/** A small generator of numbers from 0 to 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
