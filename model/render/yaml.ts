import { Document, Scalar, visit, type CreateNodeOptions, type DocumentOptions, type SchemaOptions } from "yaml";
import type { JsonMap } from "../json.ts";

const form: DocumentOptions & SchemaOptions & CreateNodeOptions = {
  // Compose's own parser still knows words of YAML 1.1: `no`, `22:22`, `2001-01-01`.
  compat: "yaml-1.1",
  aliasDuplicateObjects: false,
  sortMapEntries: true,
};

/** Lines that a `|` block holds as they are: nothing at their ends or at their start that a parser could take for something else. */
const plainLines = /^[^\s\x7f][^\t\r]*(?<![ \n])\n?$/;

/** What stands in a line as it is; the rest is escaped, since Compose's parser refuses it or takes it for the end of a line. */
const unusual = /[^\t\n -~\u{a0}-\u{2027}\u{202a}-\u{d7ff}\u{e000}-\u{fefe}\u{ff00}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** Numbers to Go's parser alone. */
const goNumber = /^[-+]?0[box][\da-f_]+$/i;

/** Writes data as YAML for Compose and Traefik: one text for one meaning, maps by name, no line folded, no anchors. */
export function writeYaml(data: JsonMap): string {
  const document = new Document(data, form);
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === "string") node.type = styleOf(node.value);
    },
  });
  return document
    .toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER })
    .replace(unusual, escape);
}

function styleOf(text: string): Scalar.Type {
  if (goNumber.test(text) || new RegExp(unusual).test(text)) return Scalar.QUOTE_DOUBLE;
  if (!text.includes("\n")) return Scalar.PLAIN;
  const lines = plainLines.test(text) && !/ \n/.test(text);
  return lines ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE;
}

function escape(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}

/** A text of our own for a value of a compose file, where Compose fills in `${…}`. */
export function composeText(text: string): string {
  return text.replaceAll("$", "$$$$");
}
