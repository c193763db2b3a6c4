import { describeChanges, mountReason, variablePath } from "./document.ts";
import type { HostPlan } from "../plan/plan.ts";
import { type PlannedDocument, isNew, isSent } from "../plan/planned-document.ts";
import { proxyName } from "../proxy.ts";
import { namesOfContainers } from "../stack/container-names.ts";
import type { StackService } from "../stack/service.ts";
import type { Part } from "../stack/stack.ts";
import type { DescribedChange } from "./change.ts";
import type { ServiceMove } from "./printed-plan.ts";
import { documentChanges } from "../document/changes.ts";
import { withJobs, withTheOther } from "./shared-move.ts";
import { mountedFiles } from "../render/mounts.ts";

const unknownBefore = "what was applied before is not known";

/** The moves of all services that do not keep running, in the order in which they do. */
export function serviceMoves(plan: HostPlan): ServiceMove[] {
  const { before, after } = plan.shared ?? {};
  return [
    ...proxyMoves(plan),
    ...sharedMoves(plan, before, plan.host.parts.before),
    ...releaseMoves(plan),
    ...sharedMoves(plan, after, plan.host.parts.after),
  ];
}

/** The moves of the services of one document. */
export function movesOf(plan: HostPlan, { document }: PlannedDocument): ServiceMove[] {
  switch (document.resource) {
    case "shared":
      return sharedMoves(plan, plan.shared?.before, plan.host.parts.before);
    case "shared-after":
      return sharedMoves(plan, plan.shared?.after, plan.host.parts.after);
    case "proxy":
      return proxyMoves(plan);
    case "rollout":
      return releaseMoves(plan);
    default:
      return [];
  }
}

function sharedMoves(plan: HostPlan, planned: PlannedDocument | undefined, part: Part | undefined): ServiceMove[] {
  const { shared, written } = plan;
  if (shared === undefined || planned === undefined || part === undefined) return [];
  const { services } = part;
  const reasons = mountReasons(services, { files: shared.files, written });
  const moves = projectMoves(
    planned,
    services.map(placed),
    (change) => reasons.get(change.reason ?? "") ?? change.reason,
  );
  return withJobs(withTheOther(moves, plan, planned), services);
}

function proxyMoves({ release, host }: HostPlan): ServiceMove[] {
  const { proxy } = host.parts.release ?? {};
  if (release === undefined || proxy === undefined) return [];
  return projectMoves(
    release.proxy,
    [{ name: proxyName, containers: [proxy.project] }],
    // Traefik reads its static file only at its start, so slipway recreates its container.
    ({ reason, path }) => reason ?? (path.startsWith("file ") ? `its ${path} changed` : undefined),
  );
}

/** A service with the names of its containers, by which the server tells what has drifted. */
interface PlacedService {
  readonly name: string;
  readonly containers: readonly string[];
}

function placed(service: StackService): PlacedService {
  return { name: service.name, containers: namesOfContainers(service) };
}

type ReasonOf = (change: DescribedChange) => string | undefined;

/** The moves of a compose project whose services restart one by one. */
function projectMoves(planned: PlannedDocument, all: readonly PlacedService[], reasonOf: ReasonOf): ServiceMove[] {
  const { change, before, document } = planned;
  const services = all.map(({ name }) => name);
  if (!isSent(planned)) return [];
  if (isNew(planned)) return services.map((service) => ({ service, move: "starts", reasons: ["it is not there yet"] }));
  if (change.kind !== "repair" && before === undefined) {
    return services.map((service) => ({ service, move: "may restart", reasons: [unknownBefore] }));
  }
  const changes = before === undefined ? [] : describeChanges(before, document);
  const changesOf = (service: string): DescribedChange[] =>
    changes.filter((one) => one.service === service || (one.service === undefined && services.length === 1));
  return [
    ...all.flatMap(({ name: service, containers }) => {
      const isAdded = changesOf(service).some(({ path, from }) => path === service && from === "");
      if (isAdded) return [{ service, move: "starts", reasons: ["it is new"] } as const];
      const reasons = [...changesOf(service).map(reasonOf), ...driftReasons(planned, containers)];
      return moveFor(service, "restarts", reasons);
    }),
    ...stopsOf(changes),
  ];
}

/** The services that are no longer in a compose file. */
function stopsOf(changes: readonly DescribedChange[]): ServiceMove[] {
  return changes
    .filter(({ path, service, to }) => path === service && to === "")
    .map(({ path }) => ({ service: path, move: "stops", reasons: ["it is no longer declared"] }));
}

function releaseMoves({ release, host }: HostPlan): ServiceMove[] {
  if (release === undefined) return [];
  const { rollout: planned } = release;
  const { change, before, document } = planned;
  const released = host.parts.release?.services ?? [];
  const services = released.map(({ name }) => name);
  if (!isSent(planned)) return [];
  if (isNew(planned)) return services.map((service) => ({ service, move: "starts", reasons: ["it is not there yet"] }));
  if (change.kind === "repair") {
    return released.flatMap((service) =>
      moveFor(service.name, "restarts", driftReasons(planned, namesOfContainers(service))),
    );
  }
  const moveOf = ({ afterSwitch }: StackService) =>
    afterSwitch || document.body["strategy"] === "recreate" ? "restarts" : "is replaced";
  if (before === undefined) {
    return released.map((service) => ({ service: service.name, move: moveOf(service), reasons: [unknownBefore] }));
  }
  if (before.body["made"] === document.body["made"]) return [];
  const changes = describeChanges(before, document);
  return [
    ...released.map((service): ServiceMove => ({
      service: service.name,
      move: moveOf(service),
      reasons: releaseReasons(service, changes),
    })),
    ...stopsOf(changes),
  ];
}

/** The reasons for replacing a release service. All services of a release are replaced, also unchanged ones. */
function releaseReasons({ name, variables, envFiles }: StackService, changes: readonly DescribedChange[]): string[] {
  const used = new Set([
    ...variables.map((variable) => `variable ${variable}`),
    ...envFiles.flatMap((file) =>
      file.from === "stack" ? Object.values(file.entries).map((variable) => variablePath(file.path, variable)) : [],
    ),
  ]);
  const files = new Set(envFiles.map(({ path }) => `file ${path}`));
  const reasons = changes.flatMap((change) => {
    if (used.has(change.path)) return [`${change.path.replace("variable ", "")} changed`];
    if (files.has(change.path)) return [`its ${change.path} changed`];
    return change.service === name && change.reason !== undefined ? [change.reason] : [];
  });
  return reasons.length > 0 ? [...new Set(reasons)] : ["it comes with the release"];
}

function moveFor(service: string, move: ServiceMove["move"], reasons: readonly (string | undefined)[]): ServiceMove[] {
  const distinct = [...new Set(reasons.filter((reason) => reason !== undefined))];
  return distinct.length === 0 ? [] : [{ service, move, reasons: distinct }];
}

/** The reasons for repairing a service's containers: a difference begins with the name of its container. */
function driftReasons({ drift }: PlannedDocument, containers: readonly string[]): string[] {
  return drift.flatMap(({ where, found }) => {
    const name = containers.find((one) => where === one || where.startsWith(`${one} `));
    if (name === undefined) return [];
    return [
      where === name
        ? `its container was found ${found}`
        : `its ${where.slice(name.length + 1)} is not as it was applied`,
    ];
  });
}

/**
 * Better reasons for rewritten files, by `mountReason`. The document of the shared services knows only the target of a
 * mount; these reasons name the file in the repository or the variable.
 */
function mountReasons(services: readonly StackService[], delivered: Delivered): ReadonlyMap<string, string> {
  const files = services.flatMap(({ mounts }) => Object.entries(mountedFiles(mounts)));
  const secrets = services.flatMap((service) => service.secrets);
  return new Map([
    ...files.map(([target, source]) => [mountReason(target), reasonFor(delivered, source)] as const),
    ...secrets.map(({ target, variable }) => [mountReason(target), `${variable} changed`] as const),
  ]);
}

/** The files of the repository that shared services mount. */
interface Delivered extends Pick<HostPlan, "written"> {
  readonly files: PlannedDocument | undefined;
}

function reasonFor({ files, written }: Delivered, source: string): string {
  const below = (path: string): boolean => path === source || path.startsWith(`${source}/`);
  const changes = files?.before === undefined ? [] : documentChanges(files.before, files.document);
  const changed = new Set(
    changes.flatMap(({ path: [top, file] }) => (top === "files" && file !== undefined ? [file] : [])),
  );
  const names = [...changed].filter(below);
  if (names.length > 0) return `its ${list(names)} changed`;
  const rewritten = written
    .filter((file) => file.written === files?.number && below(file.path))
    .map(({ path }) => path);
  return `its ${list(rewritten.length > 0 ? rewritten : [source])} ${rewritten.length > 1 ? "are" : "is"} rewritten`;
}

function list(names: readonly string[]): string {
  const [first = "", ...others] = names;
  return others.length === 0 ? `file ${first}` : `files ${names.join(", ")}`;
}
