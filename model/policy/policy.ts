import type { Problem } from "../problem.ts";
import type { PolicyRule, PolicySettings } from "../stack/policy-settings.ts";
import type { StackService } from "../stack/service.ts";
import type { Stack } from "../stack/stack.ts";
import { policyChecks } from "./rule.ts";

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

/** Everything in which services do not follow the policy, rule by rule. */
export function policyFindings(services: readonly StackService[], { rules, waivers }: PolicySettings): Finding[] {
  return policyChecks.flatMap(({ rule, check }) =>
    services.flatMap((service) =>
      check(service, services).map(({ what, todo }): Finding => {
        const reason = waivers[service.name]?.[rule];
        const level = reason === undefined ? rules[rule] : "waived";
        return { rule, service: service.name, level, what, todo, reason };
      }),
    ),
  );
}

/** Mandatory rules are followed, and each waiver waives something. */
export function ensurePolicy({ services, policy }: Pick<Stack, "services" | "policy">): Problem[] {
  const findings = policyFindings(services, policy);
  const broken = findings.filter(({ level }) => level === "mandatory");
  return [
    ...broken.map(({ rule, service, what, todo }) => ({
      path: `compose.services.${service}`,
      what: `${what}, which policy.${rule} forbids here`,
      todo: `${todo}, or say why it stays as it is in policy.waivers.${service}.${rule}`,
    })),
    ...idleWaivers(policy, findings),
  ];
}

function idleWaivers({ waivers }: PolicySettings, findings: readonly Finding[]): Problem[] {
  return Object.entries(waivers).flatMap(([service, waived]) =>
    Object.keys(waived)
      .filter((rule) => !findings.some((finding) => finding.service === service && finding.rule === rule))
      .map((rule) => ({
        path: `policy.waivers.${service}.${rule}`,
        what: `waives what nothing breaks, got '${service}'`,
        todo: "remove it",
      })),
  );
}
