import { describe, expect, it, test } from "vitest";
import type { Mount, Service } from "../../../model/compose/application.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { ensurePolicy, policyFindings, type Finding } from "../../../model/policy/policy.ts";
import { policyChecks } from "../../../model/policy/rule.ts";
import { policyRules, type PolicyRule } from "../../../model/stack/policy-settings.ts";
import { aaperture, deployment, digest, migration, policy, service, settings } from "../stack/aaperture.ts";
import { stackOf } from "../../../model/stack/derive.ts";

const healthcheck = { test: ["CMD", "true"] };
const clean: Partial<Service> = { fields: { healthcheck, mem_limit: "64m" } };

/** One service that follows every rule, except for the fields of a test. */
function one(also: Partial<Service>, more: Partial<Deployment> = {}): Deployment {
  return deployment([service("api", { ...clean, ...also, fields: { ...clean.fields, ...also.fields } })], {}, more);
}

/** The findings of a deployment. */
function findingsOf(asked: Deployment): Finding[] {
  const { services, policy } = stackOf(asked);
  return policyFindings(services, policy);
}

function broken(asked: Deployment): string[] {
  return findingsOf(asked).map(({ rule, service, what }) => `${rule} ${service}: ${what}`);
}

const socket: Mount = { type: "host", source: "/var/run/docker.sock", target: "/var/run/docker.sock", readOnly: true };
const root = "it can do everything that root of the server can";

describe("the policy for a compose file", () => {
  it("finds nothing in a service that follows all rules", () => {
    expect(broken(one({}))).toEqual([]);
  });

  test.each<[string, PolicyRule, string, Deployment]>([
    ["an image by tag", "digest", "runs no image by digest, got 'nginx:1'", one({ image: "nginx:1" })],
    [
      "no health check",
      "health",
      "has no health check",
      deployment([service("api", { fields: { mem_limit: "64m" } })]),
    ],
    [
      "a health check that is disabled",
      "health",
      "has no health check",
      one({ fields: { healthcheck: { disable: true } } }),
    ],
    [
      "a health check that is NONE",
      "health",
      "has no health check",
      one({ fields: { healthcheck: { test: ["NONE"] } } }),
    ],
    [
      "no limit",
      "limits",
      "may take all memory of the server",
      deployment([service("api", { fields: { healthcheck } })]),
    ],
    ["a privileged container", "privileged", `is privileged: ${root}`, one({ fields: { privileged: true } })],
    [
      "all capabilities",
      "privileged",
      `is as good as privileged, got cap_add 'ALL': ${root}`,
      one({ fields: { cap_add: ["ALL"] } }),
    ],
    [
      "a mount of the engine's socket",
      "socket",
      `mounts the engine's socket, got '/var/run/docker.sock': ${root}`,
      one({ mounts: [socket] }),
    ],
    [
      "a mount of the socket's folder",
      "socket",
      `mounts the engine's socket, got '/run': ${root}`,
      one({ mounts: [{ ...socket, source: "/run" }] }),
    ],
    [
      "a secret in the compose file",
      "secrets",
      "has a secret written down in its environment, got 'API_TOKEN'",
      one({ fields: { environment: { API_TOKEN: "t0ken" } } }),
    ],
    [
      "a password in the environment that a file could hold",
      "secrets",
      "gets a secret by its environment, got 'POSTGRES_PASSWORD'",
      one({
        image: digest("postgres:17", "a"),
        fields: { environment: { POSTGRES_PASSWORD: "${POSTGRES_PASSWORD}" } },
      }),
    ],
    [
      "a port that is open to all",
      "ports",
      "is published beyond the server itself, got '0.0.0.0:8080'",
      one(
        { ports: [{ target: 80, protocol: "tcp", variable: undefined }] },
        { hostPorts: { api: { address: "0.0.0.0", port: 8080 } } },
      ),
    ],
  ])("finds %s", (_, rule, what, asked) => {
    expect(broken(asked)).toEqual([`${rule} api: ${what}`]);
  });

  test.each<[string, Deployment]>([
    [
      "a limit below deploy",
      deployment([service("api", { fields: { healthcheck, deploy: { resources: { limits: { memory: "1g" } } } } })]),
    ],
    ["a limit of the stack", deployment([service("api", { fields: { healthcheck } })], { api: { memory: 1024 } })],
    [
      "a port of the proxy",
      deployment(
        [service("api", { ...clean, ports: [{ target: 80, protocol: "tcp", variable: undefined }] })],
        { api: { release: true } },
        { hostPorts: { api: { address: "0.0.0.0", port: 80 } } },
      ),
    ],
    ["a secret from the env file", one({ fields: { environment: { API_TOKEN: "${API_TOKEN}" } } })],
    ["the path of a secret", one({ fields: { environment: { POSTGRES_PASSWORD_FILE: "/run/secrets/password" } } })],
    [
      "a mount that the stack drops",
      { ...one({ mounts: [socket] }), services: { api: settings({ drop: [socket.target] }) } },
    ],
  ])("allows %s", (_, asked) => {
    expect(broken(asked)).toEqual([]);
  });

  it("needs no health check for a job, or for a release service with a path that slipway probes", () => {
    const job = service("job", { fields: { mem_limit: "64m" } });
    const after = service("after", {
      ...clean,
      dependsOn: { job: { condition: "service_completed_successfully", required: true } },
    });
    const probed = service("probed", { fields: { mem_limit: "64m" } });
    expect(broken(deployment([job, after, probed], { probed: { release: true, health: "/" } }))).toEqual([]);
  });

  it("checks the migration as a job", () => {
    const asked = one(
      {},
      { migration: migration({ fields: { privileged: true, mem_limit: "64m" }, image: digest("x", "1") }) },
    );
    expect(broken(asked)).toEqual([`privileged migrate: is privileged: ${root}`]);
  });

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

  it("rejects a waiver of a rule that is not broken", () => {
    expect(ensurePolicy(stackOf(aaperture({ policy: policy([], { postgres: { socket: "once" } }) })))).toEqual([
      {
        path: "policy.waivers.postgres.socket",
        what: "waives a rule that is not broken, got 'postgres'",
        todo: "remove it",
      },
    ]);
  });

  it("has a check for every rule", () => {
    expect(new Set(policyChecks.map(({ rule }) => rule))).toEqual(new Set(policyRules));
  });
});
