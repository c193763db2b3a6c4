import { resolve } from "node:path";
import { describe, expect, it, test } from "vitest";
import { withSavedPlan } from "../../../cli/commands/operation.ts";
import { planOptions } from "../../../cli/commands/plan-options.ts";
import type { Call } from "../../../cli/commands/command.ts";

const call = (...words: string[]): Call => ({
  folder: "/app",
  stack: "staging",
  stacks: ["staging"],
  words,
  environment: { A: "1" },
});

describe("`slipway up --plan`", () => {
  test.each([[["--yes", "--plan", "plan.json", "--diff"]], [["--yes", "--plan=plan.json", "--diff"]]])(
    "takes the file for the program and leaves Pulumi the rest: %j",
    (words) => {
      expect(withSavedPlan(call(...words))).toMatchObject({
        words: ["--yes", "--diff"],
        environment: { A: "1", SLIPWAY_REQUIRE_PLAN: resolve("plan.json") },
      });
    },
  );

  it("is nothing where it was not asked for", () => {
    expect(withSavedPlan(call("--yes"))).toEqual(call("--yes"));
  });

  it("rejects to be without a file", () => {
    const refusal = "--plan: has no value; name a file that `slipway plan --save` made";
    expect(() => withSavedPlan(call("--plan"))).toThrow(refusal);
    expect(() => withSavedPlan(call("--plan="))).toThrow(refusal);
  });
});

describe("the options of `slipway plan`", () => {
  it("are a table of a look, unless they say otherwise", () => {
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
      "--save: keeps what a look at the server found, and --offline does not look; leave one of them out",
    ],
    [["--jsn"], "slipway plan: does not know the words '--jsn' (Unknown option '--jsn'); see the command's --help"],
  ])("reject %j", (words, message) => {
    expect(() => planOptions(call(...words))).toThrow(message);
  });
});
