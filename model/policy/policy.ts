import { z } from "zod";
import type { Problem } from "../problem.ts";
import type { PolicySettings } from "../stack/policy-settings.ts";
import type { Stack } from "../stack/stack.ts";
import { policyChecks } from "./rule.ts";

/** A rule that a service breaks. The rule is any text: a printed plan may be of another version. */
export const findingSchema = z.object({
  rule: z.string(),
  service: z.string(),
  /** `waived` if the stack gives a reason. */
  level: z.enum(["advisory", "mandatory", "waived"]),
  what: z.string(),
  todo: z.string(),
  /** The reason of the waiver. */
  reason: z.string().optional(),
});

export type Finding = Readonly<z.output<typeof findingSchema>>;

/** The facts of a stack that the policy judges. */
type Judged = Pick<Stack, "services" | "policy" | "directory">;

/** Every breach of the policy, rule by rule. */
export function policyFindings({ services, policy, directory }: Judged): Finding[] {
  return policyChecks.flatMap(({ rule, check }) =>
    services.flatMap((service) =>
      check(service, directory).map(({ what, todo }): Finding => {
        const reason = policy.waivers[service.name]?.[rule];
        const level = reason === undefined ? policy[rule] : "waived";
        return { rule, service: service.name, level, what, todo, reason };
      }),
    ),
  );
}

/** Requires that no mandatory rule is broken and that each waiver waives something. */
export function ensurePolicy(stack: Judged): Problem[] {
  const { policy } = stack;
  const findings = policyFindings(stack);
  const broken = findings.filter(({ level }) => level === "mandatory");
  return [
    ...broken.map(({ rule, service, what, todo }) => ({
      path: `compose.services.${service}`,
      what: `${what}, which policy.${rule} forbids here`,
      todo: `${todo}, or say why it stays as it is in policy.waivers.${service}.${rule}`,
    })),
    ...unusedWaivers(policy, findings),
  ];
}

function unusedWaivers({ waivers }: PolicySettings, findings: readonly Finding[]): Problem[] {
  return Object.entries(waivers).flatMap(([service, waived]) =>
    Object.keys(waived)
      .filter((rule) => !findings.some((finding) => finding.service === service && finding.rule === rule))
      .map((rule) => ({
        path: `policy.waivers.${service}.${rule}`,
        what: `waives a rule that is not broken, got '${service}'`,
        todo: "remove it",
      })),
  );
}
