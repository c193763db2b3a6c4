import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentProblems } from "../../../model/document/problem.ts";
import type { Document, DocumentMap, DocumentValue } from "../../../model/document/document.ts";
import { documentHash, writeDocument } from "../../../model/document/writer.ts";
import { configurationError, describeProblem } from "../../../model/problem.ts";
import { document, number } from "./arbitrary.ts";
import { readYaml } from "./form.ts";

const first = { order: 4, attempt: "7f3a9c" };

function withBody(body: DocumentMap): Document {
  return { kind: "files", resource: "files", body };
}

/** The lines of a document between header and trailer. */
function linesOf(body: DocumentMap): string[] {
  return writeDocument(withBody(body), first).split("\n").slice(3, -2);
}

function problemsOf(body: DocumentMap): string[] {
  return documentProblems(withBody(body)).map(describeProblem);
}

describe("a document", () => {
  it("is written with kind, resource and number, then sorted by name, then with length and sum", () => {
    const text = writeDocument(
      withBody({
        owner: "deploy",
        directory: "/var/www/it's",
        files: { "a b.yml": { mode: "0644", content: Buffer.from("global:\n\n  x: 1\n") }, none: {} },
      }),
      first,
    );
    expect(text.split("\n")).toEqual([
      "kind: 'files'",
      "resource: 'files'",
      "number: '4.7f3a9c'",
      "directory: '/var/www/it''s'",
      "files:",
      "  'a b.yml':",
      "    content: |2+",
      "      global:",
      "",
      "        x: 1",
      "    mode: '0644'",
      "  none: {}",
      "owner: 'deploy'",
      "# 188 bytes sha256:b82046e519a086cc4fc6fe5e1fddc70da34d48eb12b5de0b630460b446111763",
      "",
    ]);
  });

  it.each<[string, string, string[]]>([
    ["a text", "a\n\n b\n", ["x: |2+", "  a", "", "   b"]],
    ["a text without a final line end", "a\nb", ["x: |2-", "  a", "  b"]],
    ["a text that ends in blank lines", "a\n\n\n", ["x: |2+", "  a", "", ""]],
    ["nothing", "", ["x: |2-"]],
    ["a line end", "\n", ["x: |2+", ""]],
    ["tabs", "\ta\t\n", ["x: |2+", "  \ta\t"]],
    ["text that looks like YAML", "---\n# a\n...\n", ["x: |2+", "  ---", "  # a", "  ..."]],
  ])("carries %s as it is", (_, text, lines) => {
    expect(linesOf({ x: Buffer.from(text) })).toEqual(lines);
  });

  it.each<[string, string | number[]]>([
    ["Windows line ends", "a\r\n"],
    ["a control character", "a\u001b[0m\n"],
    ["a NUL", "a\0\n"],
    ["U+0085, which ends a line for some", "a\u0085\n"],
    ["U+2028, which ends a line for some", "a\u2028\n"],
    ["a byte order mark", "\ufeffa\n"],
    ["bytes that are not UTF-8", [0xc3, 0x28]],
    ["trailing blank lines with spaces", "a\n  \n"],
    ["nothing but spaces", "  "],
    ["a line of more than 4096 bytes", `${"é".repeat(2049)}\n`],
  ])("carries %s as base64 with size and sum (F110)", (_, value) => {
    const bytes = typeof value === "string" ? Buffer.from(value) : Buffer.from(value);
    const [head, ...lines] = linesOf({ x: bytes });
    expect(head).toMatch(new RegExp(`^x: !base64 '${bytes.length} bytes sha256:[0-9a-f]{64}'$`));
    expect(Buffer.from(lines.map((line) => line.replace(/^ {2}# /, "")).join(""), "base64")).toEqual(bytes);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each([
    ["plain", "plain:"],
    ["_a-9", "_a-9:"],
    ["a.b", "'a.b':"],
    ["9", "'9':"],
    ["it's", "'it''s':"],
    ["No", "'No':"],
    ["null", "'null':"],
    ["-x", "'-x':"],
    ["é", "'é':"],
  ])("quotes the name %s only if needed", (name, line) => {
    expect(linesOf({ [name]: "" })).toEqual([`${line} ''`]);
  });

  it("quotes every name that some YAML reader does not take for text", () => {
    const names = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "Y", "OFF", "True"];
    expect(names.flatMap((name) => linesOf({ [name]: "" }))).toEqual(names.map((name) => `'${name}': ''`));
  });

  it("sorts names by their UTF-8 bytes, not by UTF-16", () => {
    expect(linesOf({ "\u{1f680}": "", "\uffee": "", b: "", B: "" })).toEqual([
      "B: ''",
      "b: ''",
      "'\uffee': ''",
      "'\u{1f680}': ''",
    ]);
  });
});

describe("the hash of a document", () => {
  it("is the sum of the text without number and trailer", () => {
    fc.assert(
      fc.property(document, number, (any, next) => {
        const lines = writeDocument(any, next).split("\n").toSpliced(-2, 1).toSpliced(2, 1);
        expect(documentHash(any)).toBe(createHash("sha256").update(lines.join("\n")).digest("hex"));
      }),
    );
  });

  it("changes with everything else", () => {
    const body = { a: { b: "c" }, d: Buffer.from("e\n") };
    const others: Document[] = [
      { kind: "other", resource: "files", body },
      { kind: "files", resource: "other", body },
      withBody({ ...body, a: { b: "" } }),
      withBody({ ...body, a: { c: "c" } }),
      withBody({ ...body, d: Buffer.from("e") }),
      withBody({ ...body, f: {} }),
    ];
    expect(new Set([withBody(body), ...others].map(documentHash)).size).toBe(7);
  });
});

describe("the YAML library", () => {
  it("reads a document as it was written, to the byte", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(document, number, (any, next) => {
        expect(readYaml(writeDocument(any, next))).toEqual({
          document: { ...any, body: sorted(any.body) },
          number: next,
        });
      }),
      { numRuns: 1000 },
    );
  });
});

function sorted(map: DocumentMap): DocumentMap {
  const entries = Object.entries(map).map(([name, value]): [string, DocumentValue] => [
    name,
    typeof value === "string" || value instanceof Uint8Array ? value : sorted(value),
  ]);
  return Object.fromEntries(entries);
}

describe("a document that cannot be written", () => {
  it.each<[string, DocumentMap, string]>([
    [
      "a text of two lines",
      { a: { b: "c\nd" } },
      "files.a.b: is not one line of printable characters, got 'c\\nd'; remove the others",
    ],
    ["a tab", { a: "\t" }, "files.a: is not one line of printable characters, got '\\t'; remove the others"],
    [
      "a control character",
      { a: "\u009b" },
      "files.a: is not one line of printable characters, got '\\u009b'; remove the others",
    ],
    [
      "a lone surrogate",
      { a: "\ud800" },
      "files.a: is not one line of printable characters, got '\ufffd'; remove the others",
    ],
    [
      "a text that is too long",
      { a: "x".repeat(4097) },
      `files.a: is longer than 4096 bytes, got '${"x".repeat(60)}…'; shorten it`,
    ],
    ["an empty name", { a: { "": "b" } }, "files.a: has a name that is empty; name it"],
    [
      "a name that a server would drop",
      { a: { ["__proto__"]: "b" } },
      "files.a: has a name that no object of JavaScript can have, got '__proto__'; rename it",
    ],
    [
      "a name of two lines",
      { "a\nb": "" },
      "files: has a name with a character that is not printable, got 'a\\nb'; rename it",
    ],
    [
      "a name that is too long",
      { ["x".repeat(501)]: "" },
      `files: has a name of more than 500 bytes, got '${"x".repeat(60)}…'; shorten it`,
    ],
    ["a name of the header", { number: "1" }, "files.number: stands at the top of every document; rename it"],
    [
      "maps that are too deep",
      { a: { b: { c: { d: { e: {} } } } } },
      "files.a.b.c.d.e: is a map below 4 others; flatten it",
    ],
  ])("rejects %s", (_, body, message) => {
    expect(problemsOf(body)).toEqual([message]);
  });

  it("rejects a resource with a name of two lines", () => {
    expect(documentProblems({ kind: "files", resource: "a\nb", body: {} }).map(({ what }) => what)).toEqual([
      "is not one line of printable characters, got 'a\\nb'",
    ]);
  });

  it("rejects a kind that is not a word and a resource without a name", () => {
    expect(documentProblems({ kind: "Files", resource: "", body: {} }).map(describeProblem)).toEqual([
      ".kind: is not a word of a to z and hyphens, got 'Files'; correct it",
      "resource: is empty; name the resource",
    ]);
  });

  it("rejects all mistakes at once, for its text and for its hash", () => {
    const bad = withBody({ b: "\n", a: { c: "\0" } });
    const error = configurationError(documentProblems(bad));
    expect(error.problems.map(({ path }) => path)).toEqual(["files.a.c", "files.b"]);
    expect(() => writeDocument(bad, first)).toThrow(error);
    expect(() => documentHash(bad)).toThrow(error);
  });

  it("rejects an invalid number", () => {
    expect(() => writeDocument(withBody({}), { order: 0, attempt: "a" })).toThrow("the number of a document: '0.a'");
    expect(() => writeDocument(withBody({}), { order: 1, attempt: "A" })).toThrow("the number of a document: '1.A'");
  });
});
