import { resolve } from "node:path";
import { describe, expect, it, test } from "vitest";
import type { Call } from "../../../cli/commands/command.ts";
import { inColour, withoutSecondPreview, withRequiredPlan } from "../../../cli/commands/operation.ts";

const call = (...words: string[]): Call => ({
  folder: "/app",
  stack: "staging",
  stacks: ["staging"],
  words,
  environment: { A: "1" },
});

describe("`slipway up --plan`", () => {
  it("passes the file to the program and the rest to Pulumi", () => {
    expect(withRequiredPlan({ ...call("--yes"), options: { plan: "plan.json" } })).toEqual({
      ...call("--yes"),
      environment: { A: "1", SLIPWAY_REQUIRE_PLAN: resolve("plan.json") },
    });
  });

  it("changes nothing without the option", () => {
    expect(withRequiredPlan({ ...call("--yes"), options: {} })).toEqual(call("--yes"));
  });
});

describe("Pulumi's colours", () => {
  it("are those of slipway, unless the line says otherwise", () => {
    expect(inColour({ ...call("--yes"), environment: { FORCE_COLOR: "1" } })).toEqual(["--color", "always", "--yes"]);
    expect(inColour({ ...call("--yes"), environment: { CI: "true" } })).toEqual(["--color", "never", "--yes"]);
    expect(inColour(call("--color=raw"))).toEqual(["--color=raw"]);
    expect(inColour(call("--color", "raw"))).toEqual(["--color", "raw"]);
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
