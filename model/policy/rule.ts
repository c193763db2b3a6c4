import type { Service } from "../compose/application.ts";
import { listOf, mapOf, textOf } from "../json.ts";
import type { Deployment } from "../stack/deployment.ts";
import { portsOf, settingsOf } from "../stack/ports.ts";
import { mountsOf } from "../stack/mounts.ts";
import { imagesOf } from "../stack/volumes.ts";
import { digestReference } from "../stack/release.ts";
import { readableSecrets } from "./readable-secret.ts";

/** The rules of the policy, as the configuration names them. */
export const policyRules = ["digest", "health", "limits", "ports", "privileged", "socket", "secrets"] as const;

/** The name of a rule. */
export type PolicyRule = (typeof policyRules)[number];

/** How a service breaks a rule, and what would mend it. */
interface Breach {
  readonly service: string;
  readonly what: string;
  readonly todo: string;
}

interface PolicyCheck {
  readonly rule: PolicyRule;
  readonly check: (deployment: Deployment) => Breach[];
}

/** Every rule, in the order in which findings are told. */
export const policyChecks: readonly PolicyCheck[] = [
  { rule: "digest", check: eachService(runsATag) },
  { rule: "health", check: eachService(hasNoHealthCheck) },
  { rule: "limits", check: eachService(hasNoLimit) },
  { rule: "ports", check: publishedToOthers },
  { rule: "privileged", check: eachService(isPrivileged) },
  { rule: "socket", check: eachService(mountsTheSocket) },
  { rule: "secrets", check: eachService((_, service) => readableSecrets(service)) },
];

type Said = Omit<Breach, "service">;

function eachService(check: (deployment: Deployment, service: Service) => Said[]): PolicyCheck["check"] {
  return (deployment) =>
    Object.values(deployment.application.services).flatMap((service) =>
      check(deployment, service).map((said) => ({ service: service.name, ...said })),
    );
}

/** Without a release its images are not known; what runs at last is always asked for by digest. */
function runsATag(deployment: Deployment, service: Service): Said[] {
  const images = imagesOf(deployment, service);
  if (settingsOf(deployment, service.name).release && deployment.release === undefined) return [];
  if (images.some((image) => digestReference.test(image))) return [];
  return [
    {
      what: `runs no image by digest, got '${images[0] ?? "none"}'`,
      todo: "name it by digest, in images or in the release",
    },
  ];
}

/** The rollout probes a release service itself; the others say by their health check that they are ready. A job says so by ending. */
function hasNoHealthCheck(deployment: Deployment, service: Service): Said[] {
  const { release, health } = settingsOf(deployment, service.name);
  if ((release && health !== undefined) || hasHealthCheck(service) || isJob(deployment, service.name)) return [];
  return [
    {
      what: "has no health check",
      todo: release ? `give it a healthcheck, or services.${service.name}.health` : "give it a healthcheck",
    },
  ];
}

function hasHealthCheck({ fields }: Service): boolean {
  if (fields["healthcheck"] === undefined) return false;
  const { disable, test } = mapOf(fields["healthcheck"]);
  return disable !== true && test !== "NONE" && !(Array.isArray(test) && test[0] === "NONE");
}

function isJob({ application, migration }: Deployment, name: string): boolean {
  if (migration?.service.name === name) return true;
  return Object.values(application.services).some(
    ({ dependsOn }) => dependsOn[name]?.condition === "service_completed_successfully",
  );
}

function hasNoLimit(deployment: Deployment, { name, fields }: Service): Said[] {
  const { memory } = settingsOf(deployment, name);
  const limits = mapOf(mapOf(mapOf(fields["deploy"])["resources"])["limits"]);
  if (memory !== undefined || fields["mem_limit"] !== undefined || limits["memory"] !== undefined) return [];
  return [{ what: "may take all memory of the server", todo: `set services.${name}.memory` }];
}

/** What the proxy publishes is meant for others. */
function publishedToOthers(deployment: Deployment): Breach[] {
  return portsOf(deployment)
    .published.filter(({ by, address }) => by === "service" && !/^(127\.|::1$)/.test(address))
    .map(({ service, address, port }) => ({
      service,
      what: `is published beyond the server itself, got '${address}:${port}'`,
      todo: `publish it on 127.0.0.1 with ports.${service}`,
    }));
}

function isPrivileged(_: Deployment, { fields }: Service): Said[] {
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

/** Also a folder in which the socket lies. */
const socketPlaces = /^\/(?:var\/?|(?:var\/)?run\/?|(?:var\/)?run\/docker\.sock|)$/;

/** Slipway's own proxy needs none; whoever has the socket is root of the server. */
function mountsTheSocket(deployment: Deployment, { name }: Service): Said[] {
  return mountsOf(deployment, name)
    .filter((mount) => mount.type === "host" && socketPlaces.test(mount.source))
    .map((mount) => ({
      what: `mounts the engine's socket, got '${mount.type === "host" ? mount.source : ""}': it can do everything that root of the server can`,
      todo: `leave it out with services.${name}.drop, or put a proxy before it that only reads`,
    }));
}
