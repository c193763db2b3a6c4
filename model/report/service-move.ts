import { describeChanges, mountReason } from "./document.ts";
import type { HostPlan } from "../plan/plan.ts";
import { type PlannedDocument, isNew, isSent } from "../plan/planned-document.ts";
import { proxyService } from "../stack/names.ts";
import type { StackService } from "../stack/service.ts";
import type { DescribedChange } from "./change.ts";
import type { ServiceMove } from "./printed-plan.ts";
import { documentChanges } from "../document/changes.ts";
import { mountedFiles } from "../render/mounts.ts";

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

/** Why a service's container is made or started again: what of it is not as it was applied. */
function driftReasons({ document, drift }: PlannedDocument, service: string): string[] {
  const { project } = document.body;
  const own = containerOf(typeof project === "string" ? project : "", service);
  return drift.flatMap(({ where, found }) => {
    const [name, what] = own.exec(where) ?? [];
    if (name === undefined) return [];
    return [what === undefined ? `its container was found ${found}` : `its ${what} is not as it was applied`];
  });
}

/** As Compose names containers, also those of a colour; behind it stands what of the container differs. */
function containerOf(project: string, service: string): RegExp {
  const name = RegExp.escape(service);
  const colours = `-(?:blue|green)-${name}-(?:blue|green)`;
  return new RegExp(`^${RegExp.escape(project)}(?:${colours}|-${name})-\\d+(?: (.*))?$`, "s");
}

/** By what the document of the shared services can say of a mount alone: why its files are written anew, by their names in the repository. */
function mountReasons(plan: HostPlan): ReadonlyMap<string, string> {
  const { services } = plan.host.parts.shared;
  const files = services.flatMap(({ mounts }) => Object.entries(mountedFiles(mounts)));
  const secrets = services.flatMap((service) => service.secrets);
  return new Map([
    ...files.map(([target, source]) => [mountReason(target), reasonFor(plan, source)] as const),
    ...secrets.map(({ target, variable }) => [mountReason(target), `${variable} changed`] as const),
  ]);
}

function reasonFor({ files, written }: HostPlan, source: string): string {
  const below = (path: string): boolean => path === source || path.startsWith(`${source}/`);
  const changes = files.before === undefined ? [] : documentChanges(files.before, files.document);
  const changed = new Set(
    changes.flatMap(({ path: [top, file] }) => (top === "files" && file !== undefined ? [file] : [])),
  );
  const names = [...changed].filter(below);
  if (names.length > 0) return `its ${list(names)} changed`;
  const anew = written.filter((file) => file.written === files.number && below(file.path)).map(({ path }) => path);
  return `its ${list(anew.length > 0 ? anew : [source])} ${anew.length > 1 ? "are" : "is"} written anew`;
}

function list(names: readonly string[]): string {
  const [first = "", ...others] = names;
  return others.length === 0 ? `file ${first}` : `files ${names.join(", ")}`;
}
