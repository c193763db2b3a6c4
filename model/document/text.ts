import { Buffer } from "node:buffer";

/**
 * The limit for a line of text in bytes: the engine compares one-line texts letter by letter, at a cost that grows with
 * the square of the length.
 */
export const longestLine = 4096;

/** The limit for a name in bytes; YAML readers fail at about a thousand. */
export const longestName = 500;

/** Words that some YAML readers do not take for text. */
const words = new Set(["y", "n", "yes", "no", "on", "off", "true", "false", "null"]);

/** Quotes a text in the only way that documents use: single quotes, doubled inside. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Writes a name, quoted only if YAML needs it. */
export function quoteName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) && !words.has(name.toLowerCase()) ? name : quoteText(name);
}

/**
 * Tells if a document can hold the text as lines: it has no control characters but `\n` and tab, and no character that
 * some reader takes for the end of a line.
 */
export function isPrintable(text: string): boolean {
  if (/^[\t\n -~]*$/.test(text)) return true; // most texts
  return text.isWellFormed() && !/[^\t\n -~\u00a0-\u2027\u202a-\ufefe\uff00-\ufffd\ud800-\udfff]/.test(text);
}

/** The length of a text in UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
