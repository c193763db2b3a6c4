import { describe, expect, it } from "vitest";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { ensurePolicy, policyFindings, type Finding } from "../../../model/policy/policy.ts";
import { policySchema } from "../../../model/stack/policy-settings.ts";
import { aaperture, policy } from "../stack/aaperture.ts";
import { stackOf } from "../../../model/stack/derive.ts";

/** The findings of a deployment. */
function findingsOf(asked: Deployment): Finding[] {
  return policyFindings(stackOf(asked));
}

describe("the policy for a compose file", () => {
  it("is advisory in aaperture and stops nothing", () => {
    expect(findingsOf(aaperture()).map(({ rule, service, level }) => `${level} ${rule} ${service}`)).toEqual([
      "advisory health prometheus",
      "advisory health grafana",
      "advisory limits api",
      "advisory limits web",
      "advisory limits prometheus",
      "advisory limits grafana",
      "advisory secrets postgres",
    ]);
    expect(ensurePolicy(stackOf(aaperture()))).toEqual([]);
  });

  it("rejects all breaches of a mandatory rule", () => {
    expect(
      ensurePolicy(stackOf(aaperture({ policy: policy(["health"]) }))).map(
        ({ path, what, todo }) => `${path}: ${what}; ${todo}`,
      ),
    ).toEqual([
      "compose.services.prometheus: has no health check, which policy.health forbids here; " +
        "give it a healthcheck, or say why it stays as it is in policy.waivers.prometheus.health",
      "compose.services.grafana: has no health check, which policy.health forbids here; " +
        "give it a healthcheck, or say why it stays as it is in policy.waivers.grafana.health",
    ]);
  });

  it("reports a waiver with its reason", () => {
    const waived = aaperture({
      policy: policy(["health"], { prometheus: { health: "a sidecar" }, grafana: { health: "no users" } }),
    });
    expect(ensurePolicy(stackOf(waived))).toEqual([]);
    expect(findingsOf(waived).filter(({ rule }) => rule === "health")).toMatchObject([
      { service: "prometheus", level: "waived", reason: "a sidecar" },
      { service: "grafana", level: "waived", reason: "no users" },
    ]);
  });

  it("holds mounts of the server to the level of `privileged`, unless they have one of their own (SEC-B10)", () => {
    expect(policySchema.parse({}).mounts).toBe("advisory");
    expect(policySchema.parse({ privileged: "mandatory" }).mounts).toBe("mandatory");
    expect(policySchema.parse({ privileged: "mandatory", mounts: "advisory" }).mounts).toBe("advisory");
  });

  it("rejects a waiver of a rule that is not broken", () => {
    expect(ensurePolicy(stackOf(aaperture({ policy: policy([], { postgres: { socket: "once" } }) })))).toEqual([
      {
        path: "policy.waivers.postgres.socket",
        what: "waives a rule that is not broken, got 'postgres'",
        todo: "remove it",
      },
    ]);
  });
});
