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
      { desiredHash: "h", applied: { number, hash: "h", intact: true }, last: undefined },
      number,
    ],
    [
      "is the host's, even if the outputs have a higher one",
      {
        desiredHash: "h",
        applied: { number, hash: "h", intact: true },
        last: { number: { order: 9, attempt: "x" }, hash: "h" },
      },
      number,
    ],
    [
      "grows when the document changes",
      { desiredHash: "i", applied: { number, hash: "h", intact: true }, last: undefined },
      { order: 5, attempt: "new" },
    ],
    [
      "grows when the host has drifted",
      { desiredHash: "h", applied: { number, hash: "h", intact: false }, last: undefined },
      { order: 5, attempt: "new" },
    ],
    [
      "exceeds the number in the outputs on a wiped host",
      { desiredHash: "h", applied: undefined, last: { number, hash: "h" } },
      { order: 5, attempt: "new" },
    ],
    [
      "exceeds the number in the outputs on a restored host",
      {
        desiredHash: "i",
        applied: { number, hash: "h", intact: true },
        last: { number: { order: 9, attempt: "x" }, hash: "i" },
      },
      { order: 10, attempt: "new" },
    ],
    ["starts at 1", { desiredHash: "h", applied: undefined, last: undefined }, { order: 1, attempt: "new" }],
  ])("%s", (_, facts, expected) => {
    expect(numberDocument(facts, fresh)).toEqual(expected);
  });

  it("is that of the outputs in a blind preview of the same document", () => {
    expect(numberDocumentBlind({ desiredHash: "h", last: { number, hash: "h" } }, fresh)).toEqual(number);
    expect(numberDocumentBlind({ desiredHash: "i", last: { number, hash: "h" } }, fresh)).toEqual({
      order: 5,
      attempt: "new",
    });
  });

  it("may follow an older order and itself, and no newer one or another attempt", () => {
    const allowed = [number, { order: 3, attempt: "z" }, undefined].map((current) => mayFollow(number, current));
    expect(allowed).toEqual([true, true, true]);
    const refused = [
      { order: 4, attempt: "b" },
      { order: 5, attempt: "a" },
    ];
    expect(refused.map((current) => mayFollow(number, current))).toEqual([false, false]);
  });

  it("is written as order and attempt", () => {
    expect(formatNumber(number)).toBe("4.a");
  });

  it.each(["999999999999998.a", "999999999999999.a"])("can be read after it grew from %s", (text) => {
    const last = { number: parseNumber(text), hash: "h" };
    const next = numberDocument({ desiredHash: "i", applied: undefined, last }, fresh);
    expect(parseNumber(formatNumber(next))).toEqual({ order: 999_999_999_999_999, attempt: "new" });
  });
});
