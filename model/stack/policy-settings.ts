import { z } from "zod";

const given = z.enum(["advisory", "mandatory"]);
const level = given.default("advisory");

const levels = z.strictObject({
  health: level,
  limits: level,
  ports: level,
  privileged: level,
  socket: level,
  /** As `privileged` unless given: with a path such as /etc a container is as good as privileged. */
  mounts: given.optional(),
  secrets: level,
});

/** The names of all rules of the policy. */
export const policyRules = levels.keyof().options;

/** The name of a rule. */
export type PolicyRule = keyof z.output<typeof levels>;

const reason = z
  .string()
  .regex(/\S/, "is a waiver without a reason; say in a few words why the rule does not hold there");

const fileReason = z
  .string()
  .regex(/\S/, "is a waiver without a reason; say in a few words why the file may stay as it is");

/** The policy of an environment: each rule is advisory or mandatory, and services may be exempt from it. */
export const policySchema = levels
  .extend({
    /** Reasons for breaking a rule, by service and rule. */
    waivers: z.record(z.string(), z.partialRecord(levels.keyof(), reason)).default({}),
    /** Reasons for keeping files in git that look as if they held secrets, by path from the repository's top. */
    tracked: z.record(z.string(), fileReason).default({}),
  })
  .transform((policy) => ({ ...policy, mounts: policy.mounts ?? policy.privileged }));

/** The level of each rule of an environment, and its waivers. */
export type PolicySettings = z.output<typeof policySchema>;
