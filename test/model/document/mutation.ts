import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import fc from "fast-check";

/** A way to spoil a text. Positions are fractions of its length, so that a mutation fits every text. */
type Mutation = (text: Buffer) => Buffer;

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const snippets = [
  "\0",
  "\t",
  "\r",
  "\n",
  " ",
  "  ",
  "'",
  "''",
  "\u0085",
  "\u2028",
  "\ufeff",
  "\u007f",
  "\x01",
  "#",
  "# a\n",
  "- ",
  "&a ",
  "*a",
  "!!str ",
  "---\n",
  "...\n",
  "{}",
  "a: 'b'\n",
  "|",
  ": ",
  "é",
];

function at(length: number, where: number): number {
  return Math.floor(length * where);
}

function splice(text: Buffer, start: number, drop: number, insert: readonly number[] | string = ""): Buffer {
  return Buffer.concat([
    text.subarray(0, start),
    typeof insert === "string" ? Buffer.from(insert) : Buffer.from(insert),
    text.subarray(start + drop),
  ]);
}

function onLines(change: (lines: string[], where: number) => string[]): fc.Arbitrary<Mutation> {
  return share.map((where) => (text) => {
    const lines = text.toString("latin1").split("\n").slice(0, -1);
    const changed = change(lines, at(lines.length, where));
    return Buffer.from(changed.map((line) => `${line}\n`).join(""), "latin1");
  });
}

/** One small change of a byte, some bytes, a line or an indent. */
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(share, fc.integer({ min: 1, max: 255 })).map<Mutation>(([where, bits]) => (text) => {
    const position = at(text.length, where);
    return splice(text, position, 1, [(text[position] ?? 0) ^ bits]);
  }),
  fc.tuple(share, fc.constantFrom(...snippets)).map<Mutation>(
    ([where, snippet]) =>
      (text) =>
        splice(text, at(text.length, where), 0, snippet),
  ),
  fc.tuple(share, fc.integer({ min: 1, max: 40 })).map<Mutation>(
    ([where, drop]) =>
      (text) =>
        splice(text, at(text.length, where), drop),
  ),
  share.map<Mutation>((where) => (text) => text.subarray(0, at(text.length, where))),
  onLines((lines, index) => lines.toSpliced(index, 1)),
  onLines((lines, index) => lines.toSpliced(index, 0, lines[index] ?? "")),
  onLines((lines, index) => lines.toSpliced(index, 2, lines[index + 1] ?? "", lines[index] ?? "")),
  onLines((lines, index) => lines.toSpliced(index, 1, ` ${lines[index] ?? ""}`)),
  onLines((lines, index) => lines.toSpliced(index, 1, `  ${lines[index] ?? ""}`)),
  onLines((lines, index) => lines.toSpliced(index, 1, (lines[index] ?? "").replace(/^ {1,2}/, ""))),
  onLines((lines, index) => lines.toSpliced(index, 1, `${lines[index] ?? ""} `)),
  onLines((lines, index) => lines.toSpliced(index, 1, (lines[index] ?? "").replaceAll("'", '"'))),
  onLines((lines) => lines.map((line) => `${line}\r`)),
);

/** Adds a valid trailer to a text. */
export function withTrailer(text: Buffer): Buffer {
  const sum = createHash("sha256").update(text).digest("hex");
  return Buffer.concat([text, Buffer.from(`# ${text.length} bytes sha256:${sum}\n`)]);
}

/** Removes the last line of a text. */
export function withoutTrailer(text: Buffer): Buffer {
  return text.subarray(0, text.lastIndexOf("\n", -2) + 1);
}
