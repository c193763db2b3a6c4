import { describe, expect, it } from "vitest";
import { doingText, doneText, namesText, progressSchema } from "../../../model/session/progress.ts";

describe("what a server does", () => {
  it("is a part of a line: the step, its whole seconds and what it waits for", () => {
    expect(doingText({ what: "gate", seconds: 3.9, waits: "'web' answered 503" })).toBe("gate 3 s: 'web' answered 503");
    expect(doingText({ what: "claim", seconds: 0, waits: "" })).toBe("claim 0 s");
  });

  it("steers no terminal, and is cut where it is long", () => {
    const hostile = doingText({ what: "gate", seconds: 1, waits: `\x1b[2J\n<{%reset%}>${"x".repeat(1000)}` });
    expect(hostile).toMatch(/^gate 1 s: \\u001b\[2J\\n<\\u007b%reset%\}>x+…$/);
    expect(hostile).toHaveLength(200);
  });

  it("is left out where a server tells of more verbs than can be at work", () => {
    const doing = { what: "gate", seconds: 1, waits: "", done: [] };
    expect(progressSchema.safeParse({ progress: Array.from({ length: 11 }, () => doing) }).success).toBe(false);
  });
});

it("steps that have ended are told with their times, but for those that took none; the switch always is", () => {
  const steps = { prepare: 0.04, up: 0.82, gate: 12, switch: 0.004 };
  const done = Object.entries(steps).map(([step, seconds]) => ({ step, seconds }));
  expect(doneText(done)).toBe("up 0.8 s, gate 12.0 s, switch 0.00 s");
});

it("names are listed as people do", () => {
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(namesText)).toEqual([
    "",
    "'a'",
    "'a' and 'b'",
    "'a', 'b' and 'c'",
  ]);
});
