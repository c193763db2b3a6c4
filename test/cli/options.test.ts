import { describe, expect, it } from "vitest";
import { hasOption } from "../../cli/options.ts";

const asked = (words: readonly string[]): boolean =>
  hasOption({ folder: "/", stack: undefined, stacks: [], words, environment: {} }, "drift", "json");

describe("the only option of a command", () => {
  it("is given or not", () => {
    expect([asked([]), asked(["--json"])]).toEqual([false, true]);
  });

  it.each([["--jsn"], ["--json=yes"], ["json"]])("rejects any other word, such as %s", (word) => {
    expect(() => asked([word])).toThrow(`slipway drift: knows no option but --json, got '${word}'; see its --help`);
  });
});
