import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { describe, expect, it, test } from "vitest";
import type { Document } from "../../../model/document/document.ts";
import { documentHash, writeDocument } from "../../../model/document/writer.ts";
import { parseNumber } from "../../../model/document/number.ts";
import type { AppliedFact, Observation } from "../../../model/facts/observation.ts";
import type { HostFacts } from "../../../model/plan/host-facts.ts";
import {
  DocumentNumbers,
  isNew,
  isSent,
  writtenBelow,
  writtenFiles,
  type PlannedDocument,
} from "../../../model/plan/planned-document.ts";
import { observed } from "../facts/observed.ts";

const directory = (owner: string): Document => ({
  kind: "directory",
  resource: "directory",
  body: { path: "/srv/site", owner, mode: "0750" },
});
const wanted = directory("root");
const other = directory("deploy");
const hash = documentHash(wanted);
const gone = { where: "directory /srv/site", expected: "made", found: "missing" };

/** A server on which a document is applied with this number. */
function server(document: Document, number: string, also: Partial<AppliedFact> = {}): Observation {
  const fact = {
    ...{ object: "directory:/srv/site", kind: "directory", resource: "directory", number },
    ...{ hash: documentHash(document), text: writeDocument(document, parseNumber(number)), differences: [] },
  };
  return observed({ applied: [{ ...fact, ...also }] });
}

const nothing = { documents: {}, data: {}, files: [] };

function lastAs(document: Document, number: string): HostFacts["last"] {
  return { ...nothing, documents: { directory: { number, hash: documentHash(document) } } };
}

/** The planned document for facts; its next attempt is called `new`. */
function planned(facts: Partial<HostFacts>, document = wanted): PlannedDocument {
  const known = { observation: undefined, last: nothing, ...facts };
  return new DocumentNumbers(known, () => "new").plan(document);
}

/** The number and the reason of the planned document. */
function reason(facts: Partial<HostFacts>): Partial<PlannedDocument> {
  const { number, change, before, drift } = planned(facts);
  return { number, change, before, drift };
}

describe("a planned document", () => {
  it("for an empty server is new, with the first number and no document before it", () => {
    expect(planned({ observation: observed() })).toEqual({
      document: wanted,
      hash,
      number: "1.new",
      object: "directory:/srv/site",
      text: writeDocument(wanted, { order: 1, attempt: "new" }),
      change: { kind: "new" },
      before: undefined,
      drift: [],
    });
  });

  it("that is applied and intact is the same, with the server's number and text", () => {
    expect(planned({ observation: server(wanted, "4.old") })).toEqual({
      document: wanted,
      hash,
      number: "4.old",
      object: "directory:/srv/site",
      text: writeDocument(wanted, { order: 4, attempt: "old" }),
      change: { kind: "same" },
      before: undefined,
      drift: [],
    });
  });

  it("that differs from the applied one is changed, with the next number and the document before it", () => {
    expect(reason({ observation: server(other, "4.old") })).toEqual({
      number: "5.new",
      change: { kind: "changed" },
      before: other,
      drift: [],
    });
  });

  it("from which the server has drifted is a repair, with the next number and the differences", () => {
    expect(reason({ observation: server(wanted, "4.old", { differences: [gone] }) })).toEqual({
      number: "5.new",
      change: { kind: "repair", differences: [gone] },
      before: undefined,
      drift: [gone],
    });
  });

  it("has the drift from the applied document also if the desired one differs", () => {
    expect(reason({ observation: server(other, "4.old", { differences: [gone] }) })).toEqual({
      number: "5.new",
      change: { kind: "changed" },
      before: other,
      drift: [gone],
    });
  });

  it("has no document before it if the server could not read that", () => {
    expect(reason({ observation: server(other, "4.old", { text: "" }) })).toEqual({
      number: "5.new",
      change: { kind: "changed" },
      before: undefined,
      drift: [],
    });
  });

  it("is compared with the applied document of the same object, whatever resource made that", () => {
    const renamed = server(wanted, "4.old", { resource: "folder" });
    expect(planned({ observation: renamed }).change).toEqual({ kind: "same" });
    const elsewhere = server(wanted, "4.old", { object: "directory:/srv/shop" });
    expect(planned({ observation: elsewhere }).change).toEqual({ kind: "new" });
  });

  it("has a greater number than the last one in the outputs, also if the server lost what was applied", () => {
    expect(planned({ observation: observed(), last: lastAs(wanted, "9.old") }).number).toBe("10.new");
    const older = server(other, "4.old");
    expect(planned({ observation: older, last: lastAs(other, "9.old") }).number).toBe("10.new");
  });
});

describe("a document of a blind plan", () => {
  test.each([
    { likely: "new", last: undefined, number: "1.new" },
    { likely: "same", last: lastAs(wanted, "4.old"), number: "4.old" },
    { likely: "changed", last: lastAs(other, "4.old"), number: "5.new" },
  ])("is likely $likely, and its number is $number", ({ likely, last, number }) => {
    const found = planned(last === undefined ? {} : { last });
    expect([found.number, found.change]).toEqual([number, { kind: "blind", likely }]);
  });

  it("is compared with the document of an earlier printed plan", () => {
    const before = new Map([["directory:/srv/site", writeDocument(other, { order: 4, attempt: "old" })]]);
    expect(planned({ last: lastAs(other, "4.old"), before }).before).toEqual(other);
  });
});

test.each<[PlannedDocument["change"], boolean, boolean]>([
  [{ kind: "same" }, false, false],
  [{ kind: "new" }, true, true],
  [{ kind: "changed" }, true, false],
  [{ kind: "repair", differences: [gone] }, true, false],
  [{ kind: "blind", likely: "same" }, false, false],
  [{ kind: "blind", likely: "new" }, true, true],
  [{ kind: "blind", likely: "changed" }, true, false],
])("the reason %j tells whether a document is sent and whether it is new", (change, sent, isFirst) => {
  expect([isSent({ change }), isNew({ change })]).toEqual([sent, isFirst]);
});

describe("the written files", () => {
  const sum = (text: string) => createHash("sha256").update(text).digest("hex");
  const files = (contents: Readonly<Record<string, string>>): PlannedDocument => {
    const entries = Object.entries(contents).map(
      ([path, text]) => [path, { mode: "0644", content: Buffer.from(text) }] as const,
    );
    const body = { directory: "/srv/site", files: Object.fromEntries(entries) };
    return planned({ observation: observed() }, { kind: "files", resource: "files", body });
  };

  it("have the number of the document that writes them, or the earlier one if their bytes are there already", () => {
    const known = [
      { path: "same.conf", sha256: sum("same"), written: "3.old" },
      { path: "other.conf", sha256: sum("before"), written: "3.old" },
      { path: "left.conf", sha256: sum("left"), written: "2.old" },
    ];
    const document = files({ "same.conf": "same", "other.conf": "after", "added.conf": "same" });
    expect(writtenFiles(document, known)).toEqual([
      { path: "same.conf", sha256: sum("same"), written: "3.old" },
      { path: "other.conf", sha256: sum("after"), written: "1.new" },
      { path: "added.conf", sha256: sum("same"), written: "1.new" },
    ]);
  });

  it("are none for a site that mounts none", () => {
    expect(writtenFiles(files({}), [{ path: "left.conf", sha256: "", written: "2.old" }])).toEqual([]);
  });

  const written = [
    { path: "relay/a.conf", sha256: "1", written: "3.old" },
    { path: "relay/b/c.conf", sha256: "2", written: "12.new" },
    { path: "relay/d.conf", sha256: "3", written: "3.old" },
    { path: "relay.conf", sha256: "4", written: "5.old" },
  ];

  test.each([
    { path: "relay.conf", numbers: "5.old" },
    { path: "relay", numbers: "12.new 3.old" },
    { path: "relay/b", numbers: "12.new" },
    { path: "rel", numbers: "" },
  ])("give a mount of $path the numbers '$numbers', each once and in one order", ({ path, numbers }) => {
    expect(writtenBelow(written, path)).toBe(numbers);
    expect(writtenBelow([...written].reverse(), path)).toBe(numbers);
  });
});
