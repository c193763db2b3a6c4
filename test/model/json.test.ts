import { describe, expect, it } from "vitest";
import { isList, isMap, listOf, mapOf, textOf } from "../../model/json.ts";

describe("a value as YAML and JSON hold it", () => {
  it("is a map only with names of its own: no list, no bytes, nothing", () => {
    expect([{}, { a: 1 }, [], new Uint8Array(1), null, undefined, "a", 1].map(isMap)).toEqual([
      ...[true, true],
      ...Array<boolean>(6).fill(false),
    ]);
  });

  it("is a list only as a list", () => {
    expect([[], ["a"], {}, "a", null, undefined].map(isList)).toEqual([true, true, false, false, false, false]);
  });

  it("reads as an empty map where it is none", () => {
    expect([mapOf({ a: 1 }), mapOf(["a"]), mapOf(null), mapOf(undefined)]).toEqual([{ a: 1 }, {}, {}, {}]);
  });

  it("reads as a list of one where it stands alone", () => {
    expect([listOf(["a", 1]), listOf("a"), listOf(null), listOf(undefined)]).toEqual([["a", 1], ["a"], [], []]);
  });

  it("reads as text where it is a scalar", () => {
    expect([textOf("a"), textOf(1.5), textOf(false), textOf(null), textOf([]), textOf({})]).toEqual([
      ...["a", "1.5", "false"],
      ...[undefined, undefined, undefined],
    ]);
  });
});
