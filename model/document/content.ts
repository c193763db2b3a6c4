import { Buffer, isUtf8 } from "node:buffer";
import { sumOf } from "../sum.ts";
import { isPrintable, byteLength, longestLine, quoteText } from "./text.ts";

/**
 * Writes the bytes of a file into a document: the rest of the line with the name, then the lines below it. A text is
 * written as it is, so that a preview shows the lines that differ. All other bytes are base64 in comments: a preview
 * shows their size and sum instead of thousands of unreadable lines.
 */
export function contentLines(bytes: Uint8Array, indent: string): readonly [string, ...string[]] {
  const text = textOf(bytes);
  return text === undefined ? base64Lines(bytes, indent) : textLines(text, indent);
}

/** In YAML's block header, `+` keeps all line ends at the end of the text and `-` keeps none. */
function textLines(text: string, indent: string): readonly [string, ...string[]] {
  if (text === "") return ["|2-"];
  const ended = text.endsWith("\n");
  const lines = (ended ? text.slice(0, -1) : text).split("\n");
  return [ended ? "|2+" : "|2-", ...lines.map((line) => (line === "" ? "" : indent + line))];
}

function base64Lines(bytes: Uint8Array, indent: string): readonly [string, ...string[]] {
  const sum = sumOf(bytes);
  const encoded = Buffer.from(bytes).toString("base64");
  const lines = encoded.match(/.{1,76}/g) ?? [];
  return [`!base64 ${quoteText(`${bytes.length} bytes sha256:${sum}`)}`, ...lines.map((line) => `${indent}# ${line}`)];
}

/**
 * The bytes as a text that all YAML readers read back to the byte; undefined if there is none. Readers disagree about
 * trailing blank lines with spaces.
 */
function textOf(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes).toString("utf8");
  if (!isPrintable(text)) return undefined;
  const lines = text.split("\n");
  const blank = lines.slice(lines.findLastIndex((line) => /[^ ]/.test(line)) + 1);
  return blank.some((line) => line !== "") || lines.some((line) => byteLength(line) > longestLine) ? undefined : text;
}
