import { escapeValue } from "./escape.ts";

/** The text of an env file in Compose's usual form, or the number of the line that is no variable. */
type Converted = { readonly content: Uint8Array } | { readonly line: number };

/**
 * Writes an env file of `format: raw` in Compose's usual form, which every version reads: only from 2.30 on does
 * Compose know the other one. In it, all that follows a `=` is the value, without quotes, escapes and variables.
 */
export function rawToDotenv(bytes: Uint8Array): Converted {
  const lines = new TextDecoder().decode(bytes).split("\n");
  const written: string[] = [];
  for (const [index, line] of lines.entries()) {
    const text = line.replace(/\r$/, "").trimStart();
    if (text === "" || text.startsWith("#")) continue;
    const [, name, sign, value = ""] = /^([^=]*)(=?)(.*)$/s.exec(text) ?? [];
    if (name === undefined || !/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) return { line: index + 1 };
    written.push(sign === "" ? `${name}\n` : `${name}="${escapeValue(value)}"\n`);
  }
  return { content: new TextEncoder().encode(written.join("")) };
}
