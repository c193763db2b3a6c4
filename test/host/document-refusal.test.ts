import { Buffer } from "node:buffer";
import { beforeAll, describe, expect, it } from "vitest";
import { withTrailer } from "../model/document/mutation.ts";
import { readOnHost, type Reading } from "./document-reader.ts";

const header = ["kind: 'files'", "resource: 'r'", "number: '1.a'"];
const sum = (hex: string): string => hex.padEnd(64, "0");

function textOf(...lines: string[]): Buffer {
  return Buffer.from([...lines, ""].join("\n"));
}

/** A text with these lines below its header, and a trailer that fits. */
function vouched(...lines: string[]): Buffer {
  return withTrailer(textOf(...header, ...lines));
}

/** A fault of a text, the text, and the reader's message up to the value. */
type Case = readonly [what: string, text: Buffer, message: string];

function rejectsEach(cases: readonly Case[]): void {
  let readings: Reading[] = [];
  beforeAll(async () => {
    readings = await readOnHost(cases.map(([, text]) => text));
  });
  it.each(cases.map(([what, , message], index) => ({ what, message, index })))(
    "rejects $what, with the line",
    ({ message, index }) => {
      const { accepted, said } = readings[index] ?? { accepted: true, said: "" };
      expect({ accepted, said: said.split(", got ")[0] }).toEqual({ accepted: false, said: `document: ${message}` });
    },
  );
}

describe("the reader on a host, for a text whose trailer fits,", () => {
  const cases: [string, string[], string][] = [
    ["a name twice", ["a: '1'", "a: '2'"], "line 5 is out of order or there twice"],
    ["names out of order", ["b: '1'", "a: '2'"], "line 5 is out of order or there twice"],
    ["a name of the header", ["number: '2.b'"], "line 4 is out of order or there twice"],
    ["a tab in a text", ["a: 'b\tc'"], "line 4 holds a tab"],
    ["a tab as indent", ["a:", "\tb: 'c'"], "line 4 has nothing below it"],
    ["an indent of one space", ["a:", " b: 'c'"], "line 5 is indented otherwise than the names above it"],
    ["an indent of four spaces", ["a:", "    b: 'c'"], "line 5 is indented otherwise than the names above it"],
    ["an indent below a text", ["a: 'b'", "  c: 'd'"], "line 5 is indented otherwise than the names above it"],
    ["a map of nothing", ["a:", "b: 'c'"], "line 4 has nothing below it"],
    ["a map of nothing at the end", ["a:"], "line 4 has nothing below it"],
    [
      "maps that are too deep",
      ["a:", "  b:", "    c:", "      d:", "        e: ''"],
      "line 7 has names that are too deep",
    ],
    ["an empty map that is too deep", ["a:", "  b:", "    c:", "      d: {}"], "line 7 has names that are too deep"],
    ["ends of lines of another system", ["a: 'b'\r"], "line 4 holds a character that is not printable UTF-8"],
    ["a control character", ["a: |2+", "  \u001b[0m"], "line 5 holds a character that is not printable UTF-8"],
    ["U+0085", ["a: |2+", "  b\u0085c"], "line 5 holds a character that is not printable UTF-8"],
    ["U+2028", ["a: 'b\u2028c'"], "line 4 holds a character that is not printable UTF-8"],
    ["a byte order mark", ["a: '\ufeffb'"], "line 4 holds a character that is not printable UTF-8"],
    ["U+FFFE", ["a: '\ufffeb'"], "line 4 holds a character that is not printable UTF-8"],
    ["a text in double quotes", ['a: "b"'], "line 4 has something unknown behind its name"],
    ["a text without quotes", ["a: b"], "line 4 has something unknown behind its name"],
    ["a text that goes on", ["a: 'b", "  c'"], "line 4 does not end its quotes"],
    ["something behind a text", ["a: 'b' # c"], "line 4 has something behind its text"],
    ["a text of more than 4096 bytes", [`a: '${"é".repeat(2049)}'`], "line 4 is longer than 4096 bytes"],
    ["a list", ["a:", "  - 'b'"], "line 5 does not begin with a name"],
    ["a comment", ["# a", "b: 'c'"], "line 4 does not begin with a name"],
    ["a blank line", ["", "b: 'c'"], "line 4 does not begin with a name"],
    ["a second YAML document", ["---", "b: 'c'"], "line 4 does not begin with a name"],
    ["an anchor", ["a: &b 'c'"], "line 4 has something unknown behind its name"],
    ["a name that needs quotes", ["a.b: 'c'"], "line 4 does not begin with a name"],
    ["a name that needs no quotes", ["'a': 'c'"], "line 4 quotes a name that needs no quotes"],
    ["an empty name", ["'': 'c'"], "line 4 has a name that is empty or longer than 500 bytes"],
    [
      "a name of more than 500 bytes",
      [`'${"é".repeat(251)}': 'c'`],
      "line 4 has a name that is empty or longer than 500 bytes",
    ],
    ["a content without indent", ["a: |", "  b"], "line 4 has something unknown behind its name"],
    ["a content of nothing that is ended", ["a: |2+"], "line 4 has nothing below it"],
    ["a content that is not ended by a blank line", ["a: |2-", "  b", ""], "line 6 is a blank line that ends a text"],
    ["a content that ends in spaces", ["a: |2+", "  b", "   "], "line 6 is a blank line that ends a text"],
    [
      "an indent on a blank line",
      ["a: |2+", "  b", "  ", "  c"],
      "line 6 is indented otherwise than the names above it",
    ],
    ["base64 of nothing", [`a: !base64 '0 bytes sha256:${sum("e3")}'`], "line 4 has nothing below it"],
    [
      "base64 that is none",
      [`a: !base64 '3 bytes sha256:${sum("e3")}'`, "  # !!!!"],
      "line 5 begins what is not base64 as slipway writes it",
    ],
    [
      "base64 in lines of another length",
      [`a: !base64 '6 bytes sha256:${sum("e3")}'`, "  # AAAA", "  # AAAA"],
      "line 5 begins what is not base64 as slipway writes it",
    ],
    [
      "base64 with bits to spare",
      [`a: !base64 '1 bytes sha256:${sum("e3")}'`, "  # AB=="],
      "line 5 begins what is not base64 as slipway writes it",
    ],
    [
      "base64 with the sum of other bytes",
      [`a: !base64 '1 bytes sha256:${sum("6e")}'`, "  # AA=="],
      "line 4 does not fit the bytes below it",
    ],
  ];
  const headers: [string, string[], string][] = [
    [
      "another kind of first line",
      ["kinds: 'a'", "resource: 'r'", "number: '1.a'"],
      "line 1 is not the kind of a document",
    ],
    ["a kind that is no word", ["kind: 'A'", "resource: 'r'", "number: '1.a'"], "line 1 is not the kind of a document"],
    [
      "a header out of order",
      ["kind: 'a'", "number: '1.a'", "resource: 'r'"],
      "line 2 is not the resource of a document",
    ],
    [
      "a resource without a name",
      ["kind: 'a'", "resource: ''", "number: '1.a'"],
      "line 2 is not the resource of a document",
    ],
    [
      "a number that is none",
      ["kind: 'a'", "resource: 'r'", "number: '01.a'"],
      "line 3 is not the number of a document",
    ],
    ["half a header", ["kind: 'a'", "resource: 'r'"], "line 3 ends what is too short for a document"],
  ];
  const words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "Null", "FALSE"];
  const invalid = ["80", "c3", "c080", "c328", "e28228", "eda080", "f0808080", "f4908080", "f88080", "ff"];
  rejectsEach([
    ...cases.map(([what, lines, message]): Case => [what, vouched(...lines), message]),
    ...headers.map(([what, lines, message]): Case => [what, withTrailer(textOf(...lines)), message]),
    ...words.map((word): Case => [
      `the name ${word} without quotes`,
      vouched(`${word}: ''`),
      "line 4 does not begin with a name",
    ]),
    ...invalid.map((hex): Case => {
      const text = Buffer.concat([textOf(...header), Buffer.from(`a: '`), Buffer.from(hex, "hex"), Buffer.from("'\n")]);
      return [`the bytes ${hex}`, withTrailer(text), "line 4 holds a character that is not printable UTF-8"];
    }),
  ]);

  it("prints the bad value and the way out", async () => {
    const [reading] = await readOnHost([vouched("a: 'it''s'", "a: |2+")]);
    expect(reading?.said).toBe(
      "document: line 5 is out of order or there twice, got a:\\ \\|2+; only slipway writes documents, " +
        "so run it again with one version on both sides\n",
    );
  });
});

describe("the reader on a host, for a text whose trailer does not fit,", () => {
  const whole = vouched("a: 'b'");
  const trailer = whole.subarray(whole.lastIndexOf("\n", -2) + 1);

  rejectsEach([
    ["nothing", Buffer.from(""), "line 1 ends what is too short for a document"],
    [
      "a text that was cut between two lines",
      Buffer.from([...header, "a: 'b'", ""].join("\n")),
      "line 4 is not the trailer that ends a document",
    ],
    ["a trailer that was cut", whole.subarray(0, -10), "line 5 is not the trailer that ends a document"],
    ["a last line that is not ended", whole.subarray(0, -1), "line 5 holds a NUL byte or is not ended"],
    ["a NUL byte", vouched("a: 'b\0c'", "d: 'e'"), "line 4 holds a NUL byte or is not ended"],
    [
      "a text below the trailer",
      Buffer.concat([whole, Buffer.from("c: 'd'\n")]),
      "line 6 is not the trailer that ends a document",
    ],
    [
      "a blank line below the trailer",
      Buffer.concat([whole, Buffer.from("\n")]),
      "line 6 is not the trailer that ends a document",
    ],
    [
      "a line more",
      Buffer.concat([Buffer.from([...header, "a: 'b'", "c: 'd'", ""].join("\n")), trailer]),
      "line 6 does not fit the 56 bytes before it",
    ],
    [
      "a letter that was changed",
      Buffer.from(whole.toString().replace("'b'", "'c'")),
      "line 5 does not fit the text before it",
    ],
    [
      "ends of lines of another system",
      Buffer.from(whole.toString().replaceAll("\n", "\r\n")),
      "line 5 is not the trailer that ends a document",
    ],
  ]);
});
