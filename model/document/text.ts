import { Buffer } from "node:buffer";

/** Bytes of the longest line of text that a document holds: the engine compares one-line texts letter by letter, at a cost that grows with the square. */
export const longestLine = 4096;

/** Bytes of the longest name that a document holds; readers of YAML give up at about a thousand. */
export const longestName = 500;

/** Words that some reader of YAML takes for something else than a text. */
const words = new Set(["y", "n", "yes", "no", "on", "off", "true", "false", "null"]);

/** Quotes a text in the one way that documents know: single quotes, doubled inside. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Writes a name, quoted where YAML needs it and nowhere else. */
export function quoteName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) && !words.has(name.toLowerCase()) ? name : quoteText(name);
}

/** Whether a document can hold the text on its lines: no control characters but `\n` and tab, and none that some reader takes for the end of a line. */
export function isPrintable(text: string): boolean {
  return text.isWellFormed() && !/[^\t\n -~\u00a0-\u2027\u202a-\ufefe\uff00-\ufffd\ud800-\udfff]/.test(text);
}

/** How many bytes a text takes on its way. */
export function lengthOf(text: string): number {
  return Buffer.byteLength(text);
}
