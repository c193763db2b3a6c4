import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { isPrintable, lengthOf, longestLine, quoteText } from "./text.ts";

/**
 * The bytes of a file as a document holds them: what stands behind the name, then the lines below. A text stands there as it is, so that a preview shows the
 * lines that differ. Everything else is base64 in comments: a preview shows its size and sum, not thousands of lines that nobody can read.
 */
export function contentLines(bytes: Uint8Array, indent: string): readonly [string, ...string[]] {
  const text = textOf(bytes);
  return text === undefined ? base64Lines(bytes, indent) : textLines(text, indent);
}

/** `+` keeps every end of line, `-` keeps none at the end. */
function textLines(text: string, indent: string): readonly [string, ...string[]] {
  if (text === "") return ["|2-"];
  const ended = text.endsWith("\n");
  const lines = (ended ? text.slice(0, -1) : text).split("\n");
  return [ended ? "|2+" : "|2-", ...lines.map((line) => (line === "" ? "" : indent + line))];
}

function base64Lines(bytes: Uint8Array, indent: string): readonly [string, ...string[]] {
  const sum = createHash("sha256").update(bytes).digest("hex");
  const encoded = Buffer.from(bytes).toString("base64");
  const lines = encoded.match(/.{1,76}/g) ?? [];
  return [`!base64 ${quoteText(`${bytes.length} bytes sha256:${sum}`)}`, ...lines.map((line) => `${indent}# ${line}`)];
}

/** The bytes as a text that every reader of YAML gives back to the byte, or nothing: readers do not agree on blank lines with spaces at the end of a text. */
function textOf(bytes: Uint8Array): string | undefined {
  const text = decode(bytes);
  if (text === undefined || !isPrintable(text)) return undefined;
  const lines = text.split("\n");
  const blank = lines.slice(lines.findLastIndex((line) => /[^ ]/.test(line)) + 1);
  return blank.some((line) => line !== "") || lines.some((line) => lengthOf(line) > longestLine) ? undefined : text;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
