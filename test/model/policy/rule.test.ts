import { describe, expect, it, test } from "vitest";
import { policyChecks } from "../../../model/policy/rule.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { policyRules, type PolicyRule } from "../../../model/stack/policy-settings.ts";
import { deployment, digest, migration, service, settings } from "../stack/aaperture.ts";
import { breaches, broken, clean, healthcheck, one, root, socket } from "./broken.ts";
import { shop, site } from "../stack/small-applications.ts";
import { at, tcp } from "../stack/port.ts";

describe("the rules of the policy", () => {
  it("finds nothing in a service that follows all rules", () => {
    expect(broken(one({}))).toEqual([]);
  });

  test.each<[string, PolicyRule, string, Deployment]>([
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
      "a health check that is disabled by a word",
      "health",
      "has no health check",
      one({ fields: { healthcheck: { disable: "yes", test: "true" } } }),
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
      one({ mounts: [{ ...socket, type: "folder", source: "/run", path: "/run" }] }),
    ],
    [
      "a secret in the compose file",
      "secrets",
      "has a secret written down in its environment, got 'API_TOKEN'",
      one({ fields: { environment: { API_TOKEN: "t0ken" } } }),
    ],
    [
      "a secret with a dollar in the compose file",
      "secrets",
      "has a secret written down in its environment, got 'API_TOKEN'",
      one({ fields: { environment: { API_TOKEN: "a$$b" } } }),
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
      one({ ports: [tcp(80)] }, { ports: { api: at(8080, "0.0.0.0") } }),
    ],
  ])("finds %s", (_, rule, what, asked) => {
    expect(broken(asked)).toEqual([`${rule} api: ${what}`]);
  });

  test.each<[string, Deployment]>([
    [
      "a limit below deploy",
      deployment([service("api", { fields: { healthcheck, deploy: { resources: { limits: { memory: "1g" } } } } })]),
    ],
    [
      "an image of the release by tag, which another rule refuses",
      deployment([service("api", { ...clean, image: "nginx:1" })], { api: { release: true } }),
    ],
    ["a limit of the stack", deployment([service("api", { fields: { healthcheck } })], { api: { memory: 1024 } })],
    [
      "a port of the proxy",
      deployment(
        [service("api", { ...clean, ports: [tcp(80)] })],
        { api: { release: true } },
        { ports: { api: at(80, "0.0.0.0") } },
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
    expect(broken(deployment([job, after, probed], { probed: { release: true, health: { path: "/" } } }))).toEqual([]);
  });

  it("checks the migration as a job", () => {
    const asked = one(
      {},
      { migrations: [migration({ fields: { privileged: true, mem_limit: "64m" }, image: digest("x", "1") })] },
    );
    expect(broken(asked)).toEqual([`privileged migrate: is privileged: ${root}`]);
  });

  it("are checked in the order of their names in the configuration", () => {
    expect(policyChecks.map(({ rule }) => rule)).toEqual(policyRules);
  });

  it("ask of a site with one web service only a limit", () => {
    expect(broken(site())).toEqual(["limits web: may take all memory of the server"]);
  });

  it("say the way out of each breach", () => {
    const todos = (asked: Deployment) =>
      breaches(asked).map(({ rule, service, todo }) => `${rule} ${service}: ${todo}`);
    expect(todos(shop({ ports: { database: at(5432, "0.0.0.0") } }))).toEqual([
      "health worker: give it a healthcheck, or services.worker.health",
      "health queue: give it a healthcheck",
      "health database: give it a healthcheck",
      "health relay: give it a healthcheck",
      "limits worker: set services.worker.memory",
      "limits web: set services.web.memory",
      "limits queue: set services.queue.memory",
      "limits database: set services.database.memory",
      "limits relay: set services.relay.memory",
      "ports database: publish it on 127.0.0.1 with ports.database",
    ]);
    expect(todos(one({ mounts: [socket], fields: { privileged: true } }))).toEqual([
      "privileged api: add only the capabilities that it needs",
      "socket api: leave it out with services.api.drop, or put a proxy before it that only reads",
    ]);
  });
});
