/**
 * Characters that break a line, steer a terminal or turn the direction of a text, and the brace of the marks that
 * Pulumi's engine reads as colours in every message: it crashes on one that it does not know.
 */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|(?<=<)\{(?=%)/gu;

const shortEscapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Writes a foreign text, such as a name from a file or a server, in one line that steers no terminal. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escape);
}

/** Writes a text of several lines so that it steers no terminal; line ends and tabs stay. */
export function printableLines(text: string): string {
  return text.replaceAll(unprintable, (character) => (/[\n\t]/.test(character) ? character : escape(character)));
}

function escape(character: string): string {
  return shortEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
