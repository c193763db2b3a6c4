import { z } from "zod";
import { remarkSchema, type Observation } from "../facts/observation.ts";
import { driftOf } from "./print-plan.ts";
import { driftSchema, type Drift } from "./printed-plan.ts";

const reportSchema = z.object({
  version: z.literal(1),
  stack: z.string(),
  address: z.string(),
  /** Everything that is not as it was applied. */
  drift: z.array(driftSchema).readonly(),
  /** Everything in the stack's place that is not part of the stack. */
  remarks: z.array(remarkSchema).readonly(),
});

/** The answer of `slipway drift` for one server. It depends neither on the configuration nor on a plan. */
type DriftReport = Readonly<z.output<typeof reportSchema>>;

/** Reports everything that an observation found not to be as it was applied. */
export function driftReport(stack: string, address: string, observation: Observation): DriftReport {
  const drift = observation.applied.length === 0 ? [nothingApplied] : driftOf(observation);
  return { version: 1, stack, address, drift, remarks: observation.remarks };
}

/** A server that was set up again remembers nothing that could differ, although nothing on it is as it was. */
const nothingApplied: Drift = {
  resource: "stack",
  where: "what was applied",
  expected: "remembered on this server",
  found: "nothing",
};

/** Reads a report that `driftReport` made. */
export function readDriftReport(text: string): DriftReport {
  return reportSchema.parse(JSON.parse(text));
}

/** The report for people, a line for each difference and each remark. */
export function driftLines({ stack, address, drift, remarks }: DriftReport): string[] {
  const head = `${stack} on ${address}: `;
  const beside = remarks.map(({ where, found }) => `  beside the stack, and left alone: ${where}: ${found}`);
  if (drift.length === 0) return [`${head}everything is as it was applied`, ...beside];
  const count = drift.length === 1 ? "1 thing is" : `${drift.length} things are`;
  const lines = drift.map(
    ({ resource, where, expected, found }) => `  ${resource}: ${where}: expected ${expected}, found ${found}`,
  );
  return [`${head}${count} not as applied; \`slipway up\` repairs what it made`, ...lines, ...beside];
}
