import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentHash, writeDocument } from "../../../model/document/writer.ts";
import { readDocument } from "../../../model/document/reader.ts";
import { document, number } from "./arbitrary.ts";
import { readCanonical } from "./form.ts";
import { mutation, withTrailer } from "./mutation.ts";

describe("a document that a server returns", () => {
  it("is read as it was written, whatever it contains", () => {
    fc.assert(
      fc.property(document, number, (written, under) => {
        const read = readDocument(writeDocument(written, under));
        expect(read?.number).toEqual(under);
        expect(read && documentHash(read.document)).toBe(documentHash(written));
      }),
      { numRuns: 300 },
    );
  });

  it("is accepted exactly if the YAML library reads it and it is written as the same text", () => {
    fc.assert(
      fc.property(document, number, mutation, (written, under, spoil) => {
        const text = Buffer.from(writeDocument(written, under));
        const body = text.subarray(0, text.lastIndexOf("\n# ") + 1);
        const spoiled = withTrailer(spoil(body));
        const expected = readCanonical(spoiled);
        const read = readDocument(spoiled.toString("utf8"));
        expect(read && documentHash(read.document)).toBe(expected && documentHash(expected.document));
      }),
      { numRuns: 150 },
    );
  });

  it.each(["", "\n", "kind: 'files'\n", "# 0 bytes sha256:0\n"])("rejects %j", (text) => {
    expect(readDocument(text)).toBeUndefined();
  });
});
