import { z } from "zod";
import { printable } from "../printable.ts";
import { unhealthyServices, unhealthySchema } from "../facts/health.ts";
import { remarkSchema, type Observation } from "../facts/observation.ts";
import { driftOf } from "./print-plan.ts";
import { driftSchema, type Drift } from "./printed-plan.ts";
import type { Line, Tone } from "./tone.ts";
import { illLines } from "./wording.ts";

const hostSchema = z.object({
  address: z.string(),
  /** Everything that differs from what was applied. */
  drift: z.array(driftSchema).readonly(),
  /** The applied services that are not well. */
  ill: z.array(unhealthySchema).readonly(),
  /** Everything on the server beside the stack. */
  remarks: z.array(remarkSchema).readonly(),
});

const reportSchema = z.object({
  version: z.literal(2),
  stack: z.string(),
  /** By name. */
  hosts: z.record(z.string(), hostSchema),
});

/** The answer of `slipway drift`. It depends on observations alone, not on a plan. */
type DriftReport = Readonly<z.output<typeof reportSchema>>;

/** The drift of one server. */
type HostDrift = Readonly<z.output<typeof hostSchema>>;

/** The drift of one server that an observation found. */
export function hostDrift(address: string, observation: Observation): HostDrift {
  const drift = observation.applied.length === 0 ? [nothingApplied] : driftOf(observation);
  return { address, drift, ill: unhealthyServices(observation), remarks: observation.remarks };
}

/** The report of a stack's servers, by name. */
export function driftReport(stack: string, hosts: Readonly<Record<string, HostDrift>>): DriftReport {
  return { version: 2, stack, hosts };
}

/** The drift of a server that was reinstalled: it remembers no document that it could differ from. */
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

/** Tells a report in which a server has drifted, or something that was applied is not well. */
export function hasDrift({ hosts }: DriftReport): boolean {
  return Object.values(hosts).some(({ drift, ill }) => drift.length > 0 || ill.length > 0);
}

/** The report for people, a line for each difference and each remark. */
export function driftLines({ stack, hosts }: DriftReport): Line[] {
  return Object.entries(hosts).flatMap(([name, host]) => hostDriftLines(`${stack} on ${name}, ${host.address}`, host));
}

function hostDriftLines(head: string, { drift, ill, remarks }: HostDrift): Line[] {
  const line = (tone: Tone, text: string): Line => [{ tone, text: printable(text) }];
  return [
    line("heading", `${head}: ${driftHead(drift.length)}`),
    ...drift.map(({ resource, where, expected, found }) =>
      line("changed", `  ${resource}: ${where}: expected ${expected}, found ${found}`),
    ),
    ...illLines(ill).map(({ service, why }) => line("error", `  unhealthy: ${service} ${why}`)),
    ...remarks.map(({ where, found }) => line("quiet", `  beside the stack, and left alone: ${where}: ${found}`)),
  ];
}

function driftHead(count: number): string {
  if (count === 0) return "everything is as it was applied";
  return `${count === 1 ? "1 thing is" : `${count} things are`} not as applied; \`slipway up\` repairs what it made`;
}
