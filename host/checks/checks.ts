import { z } from "zod";
import type { Body } from "../../model/document/bodies.ts";
import { jobSchema } from "../../model/job.ts";
import { is2xx } from "../health/probe.ts";

const healthSchema = z.object({
  path: z.string(),
  status: z.number().optional(),
  headers: z.record(z.string(), z.string()).optional(),
});

const serviceSchema = z.object({
  image: z.string(),
  deadline: z.number(),
  job: jobSchema.optional(),
  port: z.number().optional(),
  opens: z.array(z.number()).readonly().optional(),
  health: healthSchema.optional(),
  start: z.literal("after switch").optional(),
  gate: z.object({ answers: z.number(), seconds: z.number(), interval: z.number() }),
});

/**
 * Everything by which a colour is checked. It is kept with the colour: a colour is also checked when another document
 * was applied since, or when none is at hand.
 */
export const checksSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  entryPoints: z.record(
    z.string(),
    z.object({
      service: z.string(),
      speaks: z.enum(["http", "tcp"]),
      port: z.number(),
      address: z.string().optional(),
      network: z.string().optional(),
    }),
  ),
  strategy: z.literal("recreate").optional(),
  watch: z.number(),
});

export type Checks = Readonly<z.output<typeof checksSchema>>;
export type CheckedService = Readonly<z.output<typeof serviceSchema>>;
export type HealthRequest = Readonly<z.output<typeof healthSchema>>;

/** The checks of a rollout's document. */
export function checksOf(body: Body<"rollout">): Checks {
  return checksSchema.parse(body);
}

/** Tells a good status of a health request: the one that it names, else any success. */
export function isGoodStatus({ status: wanted }: Pick<HealthRequest, "status">, status: number): boolean {
  return wanted === undefined ? is2xx({ status }) : status === wanted;
}
