import { Document, Scalar, visit, type CreateNodeOptions, type DocumentOptions, type SchemaOptions } from "yaml";
import type { JsonMap } from "../json.ts";

const form: DocumentOptions & SchemaOptions & CreateNodeOptions = {
  // Compose's parser still gives words of YAML 1.1 a meaning: `no`, `22:22`, `2001-01-01`.
  compat: "yaml-1.1",
  aliasDuplicateObjects: false,
  sortMapEntries: true,
};

/** Text that a `|` block can hold unchanged: no spaces at its start or line ends that a parser could misread. */
const plainLines = /^[^\s\x7f][^\t\r]*(?<![ \n])\n?$/;

/** Characters that are escaped, since Compose's parser refuses them or takes them for the end of a line. */
const unusual = /[^\t\n -~\u{a0}-\u{2027}\u{202a}-\u{d7ff}\u{e000}-\u{fefe}\u{ff00}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** Words that only Go's parser takes for numbers. */
const goNumber = /^[-+]?0[box][\da-f_]+$/i;

/** Writes YAML for Compose and Traefik. Equal data gives equal text: maps are sorted, no folded lines, no anchors. */
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

/** Escapes a text for a compose file, in which Compose would fill in `${…}`. */
export function escapeForCompose(text: string): string {
  return text.replaceAll("$", "$$$$");
}
