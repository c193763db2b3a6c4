import { describe, expect, it } from "vitest";
import {
  formatNumber,
  mayFollow,
  numberDocument,
  numberDocumentBlind,
  parseNumber,
} from "../../../model/document/number.ts";

const number = { order: 4, attempt: "a" };
const fresh = (): string => "new";

describe("the number of a document", () => {
  it.each([
    [
      "is the host's while the desired document is applied and intact",
      { desiredHash: "h", applied: { number, hash: "h", intact: true }, published: undefined },
      number,
    ],
    [
      "is the host's, even if the outputs have a higher one",
      {
        desiredHash: "h",
        applied: { number, hash: "h", intact: true },
        published: { number: { order: 9, attempt: "x" }, hash: "h" },
      },
      number,
    ],
    [
      "grows when the document changes",
      { desiredHash: "i", applied: { number, hash: "h", intact: true }, published: undefined },
      { order: 5, attempt: "new" },
    ],
    [
      "grows when the host has drifted",
      { desiredHash: "h", applied: { number, hash: "h", intact: false }, published: undefined },
      { order: 5, attempt: "new" },
    ],
    [
      "exceeds the published number of a wiped host",
      { desiredHash: "h", applied: undefined, published: { number, hash: "h" } },
      { order: 5, attempt: "new" },
    ],
    [
      "exceeds the published number of a restored host",
      {
        desiredHash: "i",
        applied: { number, hash: "h", intact: true },
        published: { number: { order: 9, attempt: "x" }, hash: "i" },
      },
      { order: 10, attempt: "new" },
    ],
    ["starts at 1", { desiredHash: "h", applied: undefined, published: undefined }, { order: 1, attempt: "new" }],
  ])("%s", (_, facts, expected) => {
    expect(numberDocument(facts, fresh)).toEqual(expected);
  });

  it("is the published one in a blind preview of the same document", () => {
    expect(numberDocumentBlind({ desiredHash: "h", published: { number, hash: "h" } }, fresh)).toEqual(number);
    expect(numberDocumentBlind({ desiredHash: "i", published: { number, hash: "h" } }, fresh)).toEqual({
      order: 5,
      attempt: "new",
    });
  });

  it("may follow itself and all older ones, but no newer one and no other attempt at the same order", () => {
    const other = { order: 4, attempt: "b" };
    expect([number, { order: 3, attempt: "z" }, undefined].map((current) => mayFollow(number, current))).toEqual([
      true,
      true,
      true,
    ]);
    expect([other, { order: 5, attempt: "a" }].map((current) => mayFollow(number, current))).toEqual([false, false]);
  });

  it("is written as order and attempt", () => {
    expect(formatNumber(number)).toBe("4.a");
  });

  it.each(["999999999999998.a", "999999999999999.a"])("can be read after it grew from %s", (text) => {
    const published = { number: parseNumber(text), hash: "h" };
    const next = numberDocument({ desiredHash: "i", applied: undefined, published }, fresh);
    expect(parseNumber(formatNumber(next))).toEqual({ order: 999_999_999_999_999, attempt: "new" });
  });
});
