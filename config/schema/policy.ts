import { z } from "zod";
import { policyRules } from "../../model/stack/policy-settings.ts";

const level = z.enum(["advisory", "mandatory"]).default("advisory");

const reason = z
  .string()
  .regex(/\S/, "is a waiver without a reason; say in a few words why the rule does not hold there");

/** Reasons by rule; an unknown rule is refused. */
const waiversOfService = z.record(z.string(), reason).superRefine((waived, context) => {
  const known: readonly string[] = policyRules;
  const keys = Object.keys(waived).filter((rule) => !known.includes(rule));
  if (keys.length > 0) context.addIssue({ code: "unrecognized_keys", keys, input: waived });
});

/** The policy of one environment: each rule is advisory or mandatory, and services may be exempt from it. */
export const policySchema = z.strictObject({
  digest: level,
  health: level,
  limits: level,
  ports: level,
  privileged: level,
  socket: level,
  secrets: level,
  waivers: z.record(z.string(), waiversOfService).default({}),
});

/** The policy of one environment, with every rule. */
export type PolicyConfig = z.output<typeof policySchema>;
