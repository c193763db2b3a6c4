import { expect, it } from "vitest";
import { median } from "../../bench/measure.ts";
import { stageLines } from "../../bench/phases.ts";

/** A run with the seconds from each moment to the next. */
function run(program: number, gate: number): Map<string, number> {
  return new Map([
    ["the engine begins", 1],
    ["images: begin", program],
    ["images: end", 2],
    ["rollout: the gate is passed", gate],
    ["rollout: the proxy follows", 0.25],
    ["rollout: end", 6],
    ["the command ends", 1.5],
  ]);
}

it("the stages of a release are the median sums of its phases, beside the guide of MotoVaultPro (E1)", () => {
  expect(stageLines([run(1, 5), run(2, 6), run(3, 40)], median)).toEqual([
    "  validate   3.00 s, guide  5 s",
    "  prepare    8.00 s, guide 30 s",
    "  switch     0.25 s, guide  3 s",
    "  verify     7.50 s, guide 30 s",
  ]);
});

it("the stages of a run that never came to its end are not told", () => {
  const cut = new Map([["the engine begins", 1]]);
  expect(() => stageLines([cut], median)).toThrow("the run has no moment 'images: begin'");
});
