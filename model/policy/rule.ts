import { listOf, mapOf, textOf } from "../json.ts";
import type { PolicyRule } from "../stack/policy-settings.ts";
import { digestReference } from "../stack/release.ts";
import type { StackService } from "../stack/service.ts";
import { readableSecrets } from "./readable-secret.ts";

/** A breach of a rule, and the way out. */
interface Breach {
  readonly what: string;
  readonly todo: string;
}

/** A rule with the function that checks a service among all services of its stack. */
interface PolicyCheck {
  readonly rule: PolicyRule;
  readonly check: (service: StackService, all: readonly StackService[]) => Breach[];
}

/** Every rule, in the order of the reports. */
export const policyChecks: readonly PolicyCheck[] = [
  { rule: "digest", check: runsATag },
  { rule: "health", check: hasNoHealthCheck },
  { rule: "limits", check: hasNoLimit },
  { rule: "ports", check: isPublishedToOthers },
  { rule: "privileged", check: isPrivileged },
  { rule: "socket", check: mountsTheSocket },
  { rule: "secrets", check: ({ compose }) => readableSecrets(compose) },
];

/** Images of the release are not checked here: `ensureImagesAreByDigest` requires their digests. */
function runsATag({ image, part }: StackService): Breach[] {
  if (part !== "shared" || digestReference.test(image)) return [];
  return [{ what: `runs no image by digest, got '${image}'`, todo: "name it by digest, in images or in the release" }];
}

/** Services without a health check. The rollout probes release services itself; a job is ready when it has ended. */
function hasNoHealthCheck(service: StackService, all: readonly StackService[]): Breach[] {
  const { name, part, settings } = service;
  const probed = part === "release" && settings.health !== undefined;
  if (probed || hasHealthCheck(service) || isJob(service, all)) return [];
  const todo = part === "release" ? `give it a healthcheck, or services.${name}.health` : "give it a healthcheck";
  return [{ what: "has no health check", todo }];
}

function hasHealthCheck({ compose: { fields } }: StackService): boolean {
  if (fields["healthcheck"] === undefined) return false;
  const { disable, test } = mapOf(fields["healthcheck"]);
  return disable !== true && test !== "NONE" && !(Array.isArray(test) && test[0] === "NONE");
}

function isJob({ name, part }: StackService, all: readonly StackService[]): boolean {
  if (part === "migration") return true;
  return all.some(({ compose }) => compose.dependsOn[name]?.condition === "service_completed_successfully");
}

function hasNoLimit({ name, settings, compose: { fields } }: StackService): Breach[] {
  const limits = mapOf(mapOf(mapOf(fields["deploy"])["resources"])["limits"]);
  if (settings.memory !== undefined || fields["mem_limit"] !== undefined || limits["memory"] !== undefined) return [];
  return [{ what: "may take all memory of the server", todo: `set services.${name}.memory` }];
}

/** Ports that services publish beyond the server themselves; ports of the proxy are meant to be reached. */
function isPublishedToOthers({ name, published }: StackService): Breach[] {
  if (published?.by !== "service" || /^(127\.|::1$)/.test(published.address)) return [];
  const what = `is published beyond the server itself, got '${published.address}:${published.port}'`;
  return [{ what, todo: `publish it on 127.0.0.1 with ports.${name}` }];
}

function isPrivileged({ compose: { fields } }: StackService): Breach[] {
  const added = listOf(fields["cap_add"]);
  const all = added.map(textOf).find((capability) => /^(CAP_)?(ALL|SYS_ADMIN)$/i.test(capability ?? ""));
  if (textOf(fields["privileged"]) !== "true" && all === undefined) return [];
  const what = all === undefined ? "is privileged" : `is as good as privileged, got cap_add '${all}'`;
  return [
    {
      what: `${what}: it can do everything that root of the server can`,
      todo: "add only the capabilities that it needs",
    },
  ];
}

/** The engine's socket, or a folder that contains it. */
const socketPlaces = /^\/(?:var\/?|(?:var\/)?run\/?|(?:var\/)?run\/docker\.sock|)$/;

/** A container with the engine's socket has root access to the server. Slipway's own proxy does without it. */
function mountsTheSocket({ name, mounts }: StackService): Breach[] {
  return mounts
    .filter((mount) => mount.type === "host")
    .filter(({ source }) => socketPlaces.test(source))
    .map(({ source }) => ({
      what: `mounts the engine's socket, got '${source}': it can do everything that root of the server can`,
      todo: `leave it out with services.${name}.drop, or put a proxy before it that only reads`,
    }));
}
