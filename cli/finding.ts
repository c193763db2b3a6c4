import type { Problem } from "../model/problem.ts";
import type { Line, Tone } from "../model/report/tone.ts";

/** One thing that a check looked at. */
export interface Finding {
  /** `unknown` could not be checked; `warning` and `unknown` forbid nothing. */
  readonly state: "ok" | "warning" | "missing" | "unknown";
  readonly thing: string;
  /** How it is. */
  readonly said: string;
  /** The way out, if something is to be done. */
  readonly todo?: string;
}

const tones: Readonly<Record<Finding["state"], Tone>> = {
  ...{ ok: "good", warning: "warning", missing: "error", unknown: "quiet" },
};

/** The line of a finding. */
export function findingLine({ state, thing, said, todo }: Finding): Line {
  const text = `  ${thing}: ${said}${todo === undefined ? "" : `; ${todo}`}`;
  return [
    { tone: tones[state], text: state.padEnd("missing".length) },
    { tone: "plain", text },
  ];
}

/** The finding of a problem, which forbids a deployment. */
export function missing({ path, what, todo }: Problem): Finding {
  return { state: "missing", thing: path, said: what, todo };
}

/** The number of things that are missing. */
export function countMissing(findings: readonly Finding[]): number {
  return findings.filter(({ state }) => state === "missing").length;
}
