import { describe, expect, test } from "vitest";
import { nearest } from "../../model/nearest.ts";

const names = ["up", "preview", "refresh", "destroy", "host check"];

describe("the nearest name", () => {
  test.each([
    ["upp", "up"],
    ["perview", "preview"],
    ["destory", "destroy"],
    ["refesh", "refresh"],
    ["host chek", "host check"],
  ])("of '%s' is '%s'", (word, name) => {
    expect(nearest(word, names)).toBe(name);
  });

  test.each(["frobnicate", "deploy", "x", ""])("of '%s' is nothing worth a guess", (word) => {
    expect(nearest(word, ["preview", "refresh", "host check"])).toBeUndefined();
  });
});
