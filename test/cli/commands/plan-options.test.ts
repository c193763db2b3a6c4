import { describe, expect, it, test } from "vitest";
import type { Call } from "../../../cli/commands/command.ts";
import { planOptions } from "../../../cli/commands/plan-options.ts";

const call = (...words: string[]): Call => ({
  folder: "/app",
  stack: "staging",
  stacks: ["staging"],
  words,
  environment: { A: "1" },
});

describe("the options of `slipway plan`", () => {
  it("are a table of a plan made with the server, unless they say otherwise", () => {
    expect(planOptions(call())).toEqual({ form: "table", save: undefined, offline: false, against: undefined });
    expect(planOptions(call("--markdown", "--offline", "--against", "a.json"))).toEqual({
      form: "markdown",
      save: undefined,
      offline: true,
      against: "a.json",
    });
  });

  test.each([
    [["--json", "--markdown"], "--markdown: is another form than --json; choose one of them"],
    [["--against", "a.json"], "--against: is for --offline alone; add --offline, or leave it out"],
    [
      ["--save", "a", "--offline"],
      "--save: saves a plan that was made with the server, and --offline plans without it; leave one of them out",
    ],
    [["--jsn"], "slipway plan: does not know the words '--jsn' (Unknown option '--jsn'); see the command's --help"],
  ])("reject %j", (words, message) => {
    expect(() => planOptions(call(...words))).toThrow(message);
  });
});
