import { describe, expect, it } from "vitest";
import { formatNumber, mayFollow, numberDocument, numberDocumentBlind } from "../../../model/document/number.ts";

const number = { order: 4, attempt: "a" };
const fresh = (): string => "new";

describe("the number of a document", () => {
  it.each([
    [
      "is the host's while what is wanted is there",
      { desiredHash: "h", applied: { number, hash: "h", intact: true }, published: undefined },
      number,
    ],
    [
      "is the host's, even where the outputs say more",
      {
        desiredHash: "h",
        applied: { number, hash: "h", intact: true },
        published: { number: { order: 9, attempt: "x" }, hash: "h" },
      },
      number,
    ],
    [
      "grows when something else is wanted",
      { desiredHash: "i", applied: { number, hash: "h", intact: true }, published: undefined },
      { order: 5, attempt: "new" },
    ],
    [
      "grows when the host has drifted",
      { desiredHash: "h", applied: { number, hash: "h", intact: false }, published: undefined },
      { order: 5, attempt: "new" },
    ],
    [
      "passes what a wiped host had published",
      { desiredHash: "h", applied: undefined, published: { number, hash: "h" } },
      { order: 5, attempt: "new" },
    ],
    [
      "passes the outputs of a restored host",
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

  it("is the published one in a blind preview that wants the same", () => {
    expect(numberDocumentBlind({ desiredHash: "h", published: { number, hash: "h" } }, fresh)).toEqual(number);
    expect(numberDocumentBlind({ desiredHash: "i", published: { number, hash: "h" } }, fresh)).toEqual({
      order: 5,
      attempt: "new",
    });
  });

  it("may follow itself and anything older, never a newer one or another attempt at the same order", () => {
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
});
