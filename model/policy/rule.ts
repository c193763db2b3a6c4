import { booleanOf } from "../compose/boolean.ts";
import { mapOf } from "../json.ts";
import { isLoopback, serverPortText } from "../server-port.ts";
import type { PolicyRule } from "../stack/policy-settings.ts";
import type { StackService } from "../stack/service.ts";
import type { Breach } from "./breach.ts";
import { confinementBreaches } from "./confinement.ts";
import { mountsTheServer, mountsTheSocket } from "./host-path.ts";
import { opensItsNetworks } from "./network-option.ts";
import { readableSecrets } from "./readable-secret.ts";

/** A rule with the function that checks a service. Some places are the stack's own by its directory. */
interface PolicyCheck {
  readonly rule: PolicyRule;
  readonly check: (service: StackService, directory: string) => Breach[];
}

/** Every rule, in the order of the reports. */
export const policyChecks: readonly PolicyCheck[] = [
  { rule: "health", check: hasNoHealthCheck },
  { rule: "limits", check: hasNoLimit },
  { rule: "ports", check: (service) => [...isPublishedToOthers(service), ...opensItsNetworks(service)] },
  { rule: "privileged", check: confinementBreaches },
  { rule: "socket", check: mountsTheSocket },
  { rule: "mounts", check: mountsTheServer },
  { rule: "secrets", check: ({ compose }) => readableSecrets(compose) },
];

/** Services without a health check. The rollout probes release services itself; a job is ready when it has ended. */
function hasNoHealthCheck(service: StackService): Breach[] {
  const { name, part, settings } = service;
  const probed = part === "release" && settings.health !== undefined;
  if (probed || hasHealthCheck(service) || isJob(service)) return [];
  const todo = part === "release" ? `give it a healthcheck, or services.${name}.health` : "give it a healthcheck";
  return [{ what: "has no health check", todo }];
}

function hasHealthCheck({ compose: { fields } }: StackService): boolean {
  if (fields["healthcheck"] === undefined) return false;
  const { disable, test } = mapOf(fields["healthcheck"]);
  return booleanOf(disable) !== true && test !== "NONE" && !(Array.isArray(test) && test[0] === "NONE");
}

function isJob({ part, job }: StackService): boolean {
  return part === "migration" || job !== undefined;
}

function hasNoLimit({ name, settings, compose: { fields } }: StackService): Breach[] {
  const limits = mapOf(mapOf(mapOf(fields["deploy"])["resources"])["limits"]);
  if (settings.memory !== undefined || fields["mem_limit"] !== undefined || limits["memory"] !== undefined) return [];
  return [{ what: "may take all memory of the server", todo: `set services.${name}.memory` }];
}

/** Ports that services publish beyond the server themselves; ports of the proxy are meant to be reached. */
function isPublishedToOthers({ name, published }: StackService): Breach[] {
  const open = published.filter(({ by, address }) => by === "service" && !isLoopback(address));
  if (open.length === 0) return [];
  const what = `is published beyond the server itself, got '${open.map(serverPortText).join("', '")}'`;
  return [{ what, todo: `publish it on 127.0.0.1 with ports.${name}` }];
}
