import { Buffer } from "node:buffer";
import fc from "fast-check";
import { isPrintable, byteLength, longestName } from "../../../model/document/text.ts";
import type { Document, DocumentMap } from "../../../model/document/document.ts";
import type { DocumentNumber } from "../../../model/document/number.ts";

/** Texts that shells, YAML readers and people tend to misread. */
const traps = [
  '"',
  "'",
  "$",
  "`",
  "\\",
  " ",
  "-",
  ":",
  "#",
  "|",
  ">",
  "&",
  "!",
  "%",
  "{",
  "}",
  "[",
  "]",
  ",",
  "?",
  "~",
  "=",
  "/",
  ".",
  "\t",
  "''",
  "' '",
  "$HOME",
  "${X}",
  "$(id)",
  "`id`",
  "\\n",
  "\\'",
  "--",
  "---",
  "...",
  ": ",
  " #",
  "- ",
  "|2+",
  "!base64 ",
  "*",
  "@",
  "[@]",
  "]",
  "%s",
  "\\t",
  "<<",
  "0",
  "1e3",
  "0x1f",
  "no",
  "true",
  "null",
  "Null",
  "y",
  "kind",
  "number",
  "é",
  "ı",
  "İ",
  "ß",
  "힣",
  "日本",
  "🚀",
  "\u00a0",
  "\u3000",
  "e\u0301",
  "\u202a",
  "\ue000",
  "\ufffd",
  "\u{10ffff}",
  "a",
  "B",
  "z_-9",
];
const unprintable = [
  "\u0000",
  "\u0001",
  "\u0008",
  "\u000b",
  "\u001b",
  "\u007f",
  "\r",
  "\u0085",
  "\u009f",
  "\u2028",
  "\u2029",
  "\ufeff",
  "\ufffe",
  "\uffff",
];

const piece = fc.oneof(
  fc.constantFrom(...traps),
  fc.string({ unit: "binary", maxLength: 3 }),
  fc.string({ maxLength: 8 }),
);
const line = fc
  .array(piece, { maxLength: 6 })
  .map((pieces) => pieces.join(""))
  .filter((text) => isPrintable(text) && !/[\t\n]/.test(text));

const name = line.filter((text) => text !== "" && byteLength(text) <= longestName);
const bodyName = name.filter((text) => !["kind", "resource", "number"].includes(text));

const textLine = fc
  .array(fc.oneof(piece, fc.constantFrom(" ", "  ", "\t")), { maxLength: 5 })
  .map((pieces) => pieces.join(""));
const text = fc
  .tuple(
    fc.array(fc.oneof(textLine, fc.constant(""), textLine), { maxLength: 8 }),
    fc.constantFrom("\n", "", "\n\n", "\n \n"),
  )
  .map(([lines, end]) => lines.join("\n") + end);
const oddText = fc.tuple(text, fc.constantFrom(...unprintable), text).map((parts) => parts.join(""));

/** The bytes of a file: mostly texts, some of which a document cannot hold as text, and some binary data. */
const content: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 6, arbitrary: text.map((all) => Buffer.from(all)) },
  { weight: 1, arbitrary: oddText.map((all) => Buffer.from(all)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
);

function mapBelow(level: number, names: fc.Arbitrary<string>): fc.Arbitrary<DocumentMap> {
  const leaf = fc.oneof({ weight: 3, arbitrary: line }, { weight: 2, arbitrary: content });
  const value =
    level === 4 ? leaf : fc.oneof({ weight: 2, arbitrary: leaf }, { weight: 1, arbitrary: mapBelow(level + 1, name) });
  return fc
    .uniqueArray(fc.tuple(names, value), { maxLength: level === 1 ? 12 : 4, selector: ([key]) => key })
    .map((entries) => Object.fromEntries(entries));
}

/** Any document that can be written. */
export const document: fc.Arbitrary<Document> = fc.record({
  kind: fc.constantFrom("files", "compose", "server-directory"),
  resource: name,
  body: mapBelow(1, bodyName),
});

/** Any number of a document. */
export const number: fc.Arbitrary<DocumentNumber> = fc.record({
  order: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 999_999_999_999_999 })),
  attempt: fc.stringMatching(/^[0-9a-z]{1,8}$/),
});
