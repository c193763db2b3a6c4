import { z } from "zod";
import type { Observation } from "../facts/observation.ts";
import { driftOf, type Drift } from "./printed-plan.ts";

const reportSchema = z.object({
  version: z.literal(1),
  stack: z.string(),
  address: z.string(),
  /** What is not as it was applied. */
  drift: z.array(z.object({ resource: z.string(), where: z.string(), expected: z.string(), found: z.string() })),
  /** What is where the stack is and not of the stack. */
  remarks: z.array(z.object({ where: z.string(), found: z.string() })),
});

/** What `slipway drift` tells of one server, whatever is declared now and whether it can be planned at all. */
type DriftReport = z.output<typeof reportSchema>;

/** What a look found that is not as it was applied. */
export function driftReport(stack: string, address: string, observation: Observation): DriftReport {
  const drift = observation.applied.length === 0 ? [nothingApplied] : driftOf(observation);
  return { version: 1, stack, address, drift, remarks: [...observation.remarks] };
}

/** A server that was set up anew remembers nothing that could differ, and nothing on it is as it was. */
const nothingApplied: Drift = {
  resource: "stack",
  where: "what was applied",
  expected: "remembered on this server",
  found: "nothing",
};

/** Reads what `driftReport` made. */
export function readDriftReport(text: string): DriftReport {
  return reportSchema.parse(JSON.parse(text));
}

/** The report for people, a line for each thing. */
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
