import { describeChanges } from "./document.ts";
import type { HostPlan } from "../plan/plan.ts";
import { isNew, isSent, type PlannedDocument } from "../plan/planned-document.ts";
import { mountReasons } from "./mount-reason.ts";
import { driftReasons } from "./drift-reason.ts";
import { proxyService } from "../stack/names.ts";
import type { StackService } from "../stack/service.ts";
import type { DescribedChange } from "./change.ts";
import type { ServiceMove } from "./printed-plan.ts";

const unknown = "what was applied before is not known";

/** Every service that does not stay as it runs: first the shared ones, then the proxy, then those of the release. */
export function serviceMoves(plan: HostPlan): ServiceMove[] {
  return [...sharedMoves(plan), ...proxyMoves(plan), ...releaseMoves(plan)];
}

/** What the services of one document are up to. */
export function movesOf(plan: HostPlan, { document }: PlannedDocument): ServiceMove[] {
  switch (document.resource) {
    case "shared":
      return sharedMoves(plan);
    case "proxy":
      return proxyMoves(plan);
    case "rollout":
      return releaseMoves(plan);
    default:
      return [];
  }
}

function sharedMoves(plan: HostPlan): ServiceMove[] {
  const reasons = mountReasons(plan);
  return projectMoves(
    plan.shared,
    plan.host.parts.shared.services.map(({ name }) => name),
    (change) => reasons.get(change.reason ?? "") ?? change.reason,
  );
}

function proxyMoves({ proxy }: HostPlan): ServiceMove[] {
  return projectMoves(
    proxy,
    [proxyService],
    ({ reason, path }) => reason ?? (isFile(path) ? `its ${path} changed` : undefined),
  );
}

/** Traefik reads its static file at its start; slipway makes the container again for it. */
function isFile(path: string): boolean {
  return path.startsWith("file ");
}

type ReasonOf = (change: DescribedChange) => string | undefined;

/** A compose project whose services restart one by one. */
function projectMoves(planned: PlannedDocument, services: readonly string[], reasonOf: ReasonOf): ServiceMove[] {
  const { change, before, document } = planned;
  if (!isSent(planned)) return [];
  if (isNew(planned)) return services.map((service) => ({ service, move: "starts", reasons: ["it is not there yet"] }));
  if (change.kind !== "repair" && before === undefined) {
    return services.map((service) => ({ service, move: "may restart", reasons: [unknown] }));
  }
  const changes = before === undefined ? [] : describeChanges(before, document);
  const of = (service: string): DescribedChange[] =>
    changes.filter((one) => one.service === service || (one.service === undefined && services.length === 1));
  const gone = changes.filter(({ path, service, to }) => path === service && to === "").map(({ path }) => path);
  return [
    ...services.flatMap((service) => {
      const come = of(service).some(({ path, from }) => path === service && from === "");
      if (come) return [{ service, move: "starts", reasons: ["it is new"] } as const];
      const reasons = [...of(service).map(reasonOf), ...driftReasons(planned, service)];
      return moveFor(service, "restarts", reasons);
    }),
    ...gone.map((service): ServiceMove => ({ service, move: "stops", reasons: ["it is declared no longer"] })),
  ];
}

function releaseMoves({ rollout: planned, host }: HostPlan): ServiceMove[] {
  const { change, before, document } = planned;
  const released = host.parts.release.services;
  const services = released.map(({ name }) => name);
  if (!isSent(planned)) return [];
  if (isNew(planned)) return services.map((service) => ({ service, move: "starts", reasons: ["it is not there yet"] }));
  if (change.kind === "repair") {
    return services.flatMap((service) => moveFor(service, "restarts", driftReasons(planned, service)));
  }
  if (before === undefined) return services.map((service) => ({ service, move: "is replaced", reasons: [unknown] }));
  const changes = describeChanges(before, document);
  const gone = changes.filter(({ path, service, to }) => path === service && to === "").map(({ path }) => path);
  return [
    ...released.map((service): ServiceMove => ({
      service: service.name,
      move: "is replaced",
      reasons: releaseReasons(service, changes),
    })),
    ...gone.map((service): ServiceMove => ({ service, move: "stops", reasons: ["it is declared no longer"] })),
  ];
}

/** The services of a release come up together, also those of which nothing changed. */
function releaseReasons({ name, variables }: StackService, changes: readonly DescribedChange[]): string[] {
  const used = new Set(variables.map((variable) => `variable ${variable}`));
  const reasons = changes.flatMap((change) => {
    if (used.has(change.path)) return [`${change.path.replace("variable ", "")} changed`];
    return change.service === name && change.reason !== undefined ? [change.reason] : [];
  });
  return reasons.length > 0 ? [...new Set(reasons)] : ["it comes with the release"];
}

function moveFor(service: string, move: ServiceMove["move"], reasons: readonly (string | undefined)[]): ServiceMove[] {
  const known = [...new Set(reasons.filter((reason) => reason !== undefined))];
  return known.length === 0 ? [] : [{ service, move, reasons: known }];
}
