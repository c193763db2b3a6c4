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

  test.each(["frobnicate", "deploy", "x", ""])("of '%s' is nothing worth a guess", (word) => {
    expect(nearest(word, ["preview", "refresh", "host check"])).toBeUndefined();
  });
});

describe("a guess", () => {
  test("names the one name that is near", () => {
    expect(guess("perview", names)).toBe("did you mean 'preview'");
  });

  test("lists all names where none is near", () => {
    expect(guess("frobnicate", ["up", "preview"])).toBe("use one of up, preview");
  });

  test("gives the caller's advice where none is near and they are too many to list", () => {
    expect(guess("frobnicate", names, "correct its spelling")).toBe("correct its spelling");
  });

  test("advises to remove the name where there are none", () => {
    expect(guess("frobnicate", [])).toBe("remove it");
  });
});
