import type { Mount, Service } from "../../../model/compose/application.ts";
import { policyChecks } from "../../../model/policy/rule.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { deployment, service } from "../stack/aaperture.ts";

/** A health check that satisfies its rule. */
export const healthcheck = { test: ["CMD", "true"] };
/** The fields that satisfy every rule. */
export const clean: Partial<Service> = { fields: { healthcheck, mem_limit: "64m" } };

/** One service that follows every rule, except for the fields of a test. */
export function one(also: Partial<Service>, more: Partial<Deployment> = {}): Deployment {
  return deployment([service("api", { ...clean, ...also, fields: { ...clean.fields, ...also.fields } })], {}, more);
}

/** Every breach with its rule and service. */
export function breaches(asked: Deployment) {
  const { services, directory } = stackOf(asked);
  return policyChecks.flatMap(({ rule, check }) =>
    services.flatMap((service) =>
      check(service, directory).map((breach) => ({ rule, service: service.name, ...breach })),
    ),
  );
}

/** Every breach as one line. */
export function broken(asked: Deployment): string[] {
  return breaches(asked).map(({ rule, service, what }) => `${rule} ${service}: ${what}`);
}

/** A mount of the engine's socket. */
export const socket = {
  type: "host",
  source: "/var/run/docker.sock",
  target: "/var/run/docker.sock",
  readOnly: true,
} satisfies Mount;
/** The end of a message about a container that is as good as root. */
export const root = "it can do everything that root of the server can";
