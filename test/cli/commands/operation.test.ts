import { resolve } from "node:path";
import { describe, expect, it, test } from "vitest";
import type { Call } from "../../../cli/commands/command.ts";
import { withoutSecondPreview, withRequiredPlan } from "../../../cli/commands/operation.ts";

const call = (...words: string[]): Call => ({
  folder: "/app",
  stack: "staging",
  stacks: ["staging"],
  words,
  environment: { A: "1" },
});

describe("`slipway up --plan`", () => {
  test.each([[["--yes", "--plan", "plan.json", "--diff"]], [["--yes", "--plan=plan.json", "--diff"]]])(
    "passes the file to the program and the rest to Pulumi: %j",
    (words) => {
      expect(withRequiredPlan(call(...words))).toMatchObject({
        words: ["--yes", "--diff"],
        environment: { A: "1", SLIPWAY_REQUIRE_PLAN: resolve("plan.json") },
      });
    },
  );

  it("changes nothing without the option", () => {
    expect(withRequiredPlan(call("--yes"))).toEqual(call("--yes"));
  });

  it("rejects the option without a file", () => {
    const refusal = "--plan: has no value; name a file that `slipway plan --save` made";
    expect(() => withRequiredPlan(call("--plan"))).toThrow(refusal);
    expect(() => withRequiredPlan(call("--plan="))).toThrow(refusal);
  });
});

describe("`slipway up --yes`", () => {
  test.each([["--yes"], ["-y"], ["--yes=true"]])("skips Pulumi's own preview: %s", (word) => {
    expect(withoutSecondPreview(call(word, "--diff")).words).toEqual([word, "--diff", "--skip-preview"]);
  });

  test.each([[[]], [["--yes=false"]], [["--yes", "--skip-preview=false"]], [["--yes", "--refresh"]]])(
    "leaves the preview to Pulumi where somebody is asked or decides about it: %j",
    (words) => {
      expect(withoutSecondPreview(call(...words))).toEqual(call(...words));
    },
  );
});
