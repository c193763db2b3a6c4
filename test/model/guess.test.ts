import { describe, expect, test } from "vitest";
import { guess, nearest } from "../../model/guess.ts";

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

  test.each(["frobnicate", "deploy", "x", ""])("of '%s' is undefined", (word) => {
    expect(nearest(word, ["preview", "refresh", "host check"])).toBeUndefined();
  });
});

describe("a guess", () => {
  test("names the nearest name", () => {
    expect(guess("perview", names)).toBe("did you mean 'preview'");
  });

  test("lists all names if none is near", () => {
    expect(guess("frobnicate", ["up", "preview"])).toBe("use one of up, preview");
  });

  test("is the caller's advice if none is near and there are too many to list", () => {
    expect(guess("frobnicate", names, "correct its spelling")).toBe("correct its spelling");
  });

  test("advises to remove the name if no names are known", () => {
    expect(guess("frobnicate", [])).toBe("remove it");
  });
});
