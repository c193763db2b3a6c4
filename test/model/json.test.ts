import { describe, expect, it } from "vitest";
import { isList, isMap, listOf, mapOf, parseJson, textOf } from "../../model/json.ts";

describe("a value of YAML or JSON", () => {
  it("is a map unless it is a list, bytes or null", () => {
    expect([{}, { a: 1 }, [], new Uint8Array(1), null, undefined, "a", 1].map(isMap)).toEqual([
      ...[true, true],
      ...Array<boolean>(6).fill(false),
    ]);
  });

  it("is read from JSON, and is undefined where the text is none", () => {
    expect(['{"a":1}', "null", "", "{"].map(parseJson)).toEqual([{ a: 1 }, null, undefined, undefined]);
  });

  it("is a list only if it is an array", () => {
    expect([[], ["a"], {}, "a", null, undefined].map(isList)).toEqual([true, true, false, false, false, false]);
  });

  it("reads as an empty map if it is not a map", () => {
    expect([mapOf({ a: 1 }), mapOf(["a"]), mapOf(null), mapOf(undefined)]).toEqual([{ a: 1 }, {}, {}, {}]);
  });

  it("reads as a list of one if it is a single value", () => {
    expect([listOf(["a", 1]), listOf("a"), listOf(null), listOf(undefined)]).toEqual([["a", 1], ["a"], [], []]);
  });

  it("reads as text if it is a scalar", () => {
    expect([textOf("a"), textOf(1.5), textOf(false), textOf(null), textOf([]), textOf({})]).toEqual([
      ...["a", "1.5", "false"],
      ...[undefined, undefined, undefined],
    ]);
  });
});
