/** The names of all rules of the policy. */
export const policyRules = ["digest", "health", "limits", "ports", "privileged", "socket", "secrets"] as const;

/** The name of a rule. */
export type PolicyRule = (typeof policyRules)[number];

/** The policy of an environment: the level of each rule, and its waivers. */
export interface PolicySettings {
  readonly rules: Readonly<Record<PolicyRule, "advisory" | "mandatory">>;
  /** Reasons for breaking a rule, by service and rule. */
  readonly waivers: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
