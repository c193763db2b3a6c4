import { describe, expect, it } from "vitest";
import { failedVerbs, journalOf, phasesOf } from "../../../host/records/phases.ts";

function journal(...lines: readonly (readonly [seconds: number, verb: string, step: string])[]) {
  const texts = lines.map(([seconds, verb, step]) => {
    const time = new Date(1_767_225_600_000 + seconds * 1000).toISOString();
    return JSON.stringify({ time, run: "r", verb, action: "apply", step, number: "1.a", resource: "x" });
  });
  return journalOf({ journalLines: () => ["no json", ...texts] }, "r");
}

describe("the phases of a run", () => {
  it("are the seconds of each verb and of each step of the rollout", () => {
    const lines = journal(
      ...([
        [0, "images", "begin"],
        [2, "images", "end"],
        [3, "rollout", "begin"],
        [3, "rollout", "gate"],
      ] as const),
      ...([
        [6.26, "rollout", "gate ended"],
        [7, "rollout", "watch"],
        [9, "rollout", "end"],
      ] as const),
    );
    expect(phasesOf(lines)).toEqual({ images: 2, gate: 3.26, rollout: 6 });
  });

  it("are never less than nothing, if the clock is set back meanwhile (SEC-C2)", () => {
    expect(phasesOf(journal([9, "images", "begin"], [2, "images", "end"]))).toEqual({ images: 0 });
  });

  it("tell the verbs that did not end well, also those that were killed", () => {
    const lines = journal(
      ...([
        [0, "images", "begin"],
        [1, "images", "end"],
        [2, "files", "begin"],
        [3, "files", "fail"],
      ] as const),
      [4, "rollout", "begin"],
    );
    expect(failedVerbs(lines)).toEqual(["files", "rollout"]);
    expect(failedVerbs(journal([0, "images", "begin"], [1, "images", "end"]))).toEqual([]);
  });
});
