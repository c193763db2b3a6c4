import type { Problem } from "../problem.ts";
import { callablePorts } from "./port/container-ports.ts";
import type { StackService } from "./service.ts";

/**
 * Requires that somebody asks each `health`: only the gate of a release does, at a port that is known. Otherwise a
 * release that answers nothing would get the traffic, and a shared service would only seem to be checked.
 */
export function ensureHealthIsAsked({ services }: { readonly services: readonly StackService[] }): Problem[] {
  return services.flatMap((service): Problem[] => {
    const { name, part, job, port, settings } = service;
    if (settings.health === undefined) return [];
    const path = `services.${name}.health`;
    const got = `got '${settings.health.path}'`;
    if (job === "ends" || part === "migration") {
      const todo = "remove it: a job is healthy if it exits with 0";
      return [{ path, what: `is never asked of a job, ${got}`, todo }];
    }
    if (part === "shared") {
      const todo = "remove it, and give the service a healthcheck in the compose file";
      return [{ path, what: `is never asked of a shared service, ${got}`, todo }];
    }
    if (port !== undefined) return [];
    return [{ path, what: `is asked at a port that is not known, ${got}`, todo: portAdvice(service) }];
  });
}

function portAdvice(service: StackService): string {
  const [first, ...more] = callablePorts(service);
  const where = first === undefined || more.length > 0 ? "the port" : `${first}, if that is the port`;
  return `set services.${service.name}.port to ${where} at which it answers requests`;
}
