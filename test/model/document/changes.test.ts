import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMap } from "../../../model/json.ts";
import { documentChanges, leafChanges, type FieldChange } from "../../../model/document/changes.ts";
import type { Document, DocumentMap } from "../../../model/document/document.ts";
import { documentHash } from "../../../model/document/writer.ts";
import { document } from "./arbitrary.ts";

/** Applies one change to a map. */
function applied(map: DocumentMap, { path: [name = "", ...below], to, from }: FieldChange): DocumentMap {
  const { [name]: old, ...others } = map;
  if (below.length > 0) return { ...others, ...entry(name, applied(isMap(old) ? old : {}, { path: below, to, from })) };
  return to === undefined ? others : { ...others, ...entry(name, to) };
}

/** Sets a field, even with a name that JavaScript objects inherit. */
function entry(name: string, value: DocumentMap[string]): DocumentMap {
  return Object.fromEntries([[name, value]]);
}

function carriedOut(from: Document, changes: readonly FieldChange[]): Document {
  const { resource = "", ...body } = changes.reduce(applied, { resource: from.resource, ...from.body });
  return { kind: from.kind, resource: typeof resource === "string" ? resource : "", body };
}

/** Two documents of one kind that mostly agree. */
const pair = fc.tuple(document, document, fc.boolean()).map(([one, other, alike]): [Document, Document] => {
  const body = alike ? { ...one.body, ...other.body } : other.body;
  return [one, { kind: one.kind, resource: other.resource, body }];
});

describe("the changes between two documents", () => {
  it("turn one document into the other, to the byte", () => {
    fc.assert(
      fc.property(pair, ([from, to]) => {
        const changes = documentChanges(from, to);
        expect(documentHash(carriedOut(from, changes))).toBe(documentHash(to));
        expect(changes.length === 0).toBe(documentHash(from) === documentHash(to));
      }),
      { numRuns: 200 },
    );
  });

  it("are empty for an unchanged document", () => {
    const unchanged = fc.property(document, (one) => {
      expect(documentChanges(one, structuredClone(one))).toEqual([]);
    });
    fc.assert(unchanged, { numRuns: 100 });
  });

  it("name the smallest value that differs", () => {
    const at = (api: DocumentMap): Document => ({ kind: "compose", resource: "shared", body: { services: { api } } });
    expect(documentChanges(at({ image: "a", port: "1" }), at({ image: "b", port: "1" }))).toEqual([
      { path: ["services", "api", "image"], from: "a", to: "b" },
    ]);
  });

  it("find names that every JavaScript object inherits", () => {
    const at = (names: DocumentMap): Document => ({ kind: "files", resource: "files", body: { names } });
    expect(documentChanges(at({}), at({ constructor: "a" }))).toEqual([
      { path: ["names", "constructor"], from: undefined, to: "a" },
    ]);
  });

  it("list the entries of an added or removed map", () => {
    const mode = Buffer.from("text");
    expect(leafChanges({ path: ["files"], from: undefined, to: { "a.yml": { content: mode, mode: "0644" } } })).toEqual(
      [
        { path: ["files", "a.yml", "content"], from: undefined, to: mode },
        { path: ["files", "a.yml", "mode"], from: undefined, to: "0644" },
      ],
    );
    expect(leafChanges({ path: ["files"], from: {}, to: undefined })).toEqual([
      { path: ["files"], from: {}, to: undefined },
    ]);
  });
});
