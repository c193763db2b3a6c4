/** The rules of the policy, as the configuration names them. */
export const policyRules = ["digest", "health", "limits", "ports", "privileged", "socket", "secrets"] as const;

/** The name of a rule. */
export type PolicyRule = (typeof policyRules)[number];

/** The policy of an environment: how strict each rule is, and which services need not follow it. */
export interface PolicySettings {
  readonly rules: Readonly<Record<PolicyRule, "advisory" | "mandatory">>;
  /** By service and rule: why the rule does not hold there. */
  readonly waivers: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
