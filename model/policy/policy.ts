import type { Deployment } from "../stack/deployment.ts";
import { withMigration } from "../stack/migration.ts";
import { policyChecks, type PolicyRule } from "./rule.ts";
import type { Problem } from "../problem.ts";

/** What an environment wants of its compose file: how strict each rule is, and who need not follow it. */
export interface PolicySettings {
  readonly rules: Readonly<Record<PolicyRule, "advisory" | "mandatory">>;
  /** By service and rule: why the rule does not hold there. */
  readonly waivers: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A service that does not follow a rule. */
export interface Finding {
  readonly rule: PolicyRule;
  readonly service: string;
  /** `waived` where the stack says why. */
  readonly level: "advisory" | "mandatory" | "waived";
  readonly what: string;
  readonly todo: string;
  /** Of a waiver. */
  readonly reason: string | undefined;
}

/** Everything in which a deployment does not follow the policy, rule by rule. */
export function policyFindings(deployment: Deployment): Finding[] {
  const { rules, waivers } = deployment.policy;
  const all = withMigration(deployment);
  return policyChecks.flatMap(({ rule, check }) =>
    check(all).map(({ service, what, todo }) => {
      const reason = waivers[service]?.[rule];
      return { rule, service, level: reason === undefined ? rules[rule] : "waived", what, todo, reason };
    }),
  );
}

/** What forbids a run: mandatory rules that are broken, and waivers that waive nothing (any more). */
export function policyProblems(deployment: Deployment): Problem[] {
  const findings = policyFindings(deployment);
  const broken = findings.filter(({ level }) => level === "mandatory");
  return [
    ...broken.map(({ rule, service, what, todo }) => ({
      path: `compose.services.${service}`,
      what: `${what}, which policy.${rule} forbids here`,
      todo: `${todo}, or say why it stays as it is in policy.waivers.${service}.${rule}`,
    })),
    ...idleWaivers(deployment, findings),
  ];
}

function idleWaivers({ policy }: Deployment, findings: readonly Finding[]): Problem[] {
  return Object.entries(policy.waivers).flatMap(([service, waived]) =>
    Object.keys(waived)
      .filter((rule) => !findings.some((finding) => finding.service === service && finding.rule === rule))
      .map((rule) => ({
        path: `policy.waivers.${service}.${rule}`,
        what: `waives what nothing breaks, got '${service}'`,
        todo: "remove it",
      })),
  );
}
