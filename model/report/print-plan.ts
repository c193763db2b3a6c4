import { adoptionChanges } from "./adoption.ts";
import { costOf } from "./impact.ts";
import { unhealthyServices } from "../facts/health.ts";
import type { ContainerFact, Observation } from "../facts/observation.ts";
import { documentsOf, removedOf, type HostPlan, type Plan } from "../plan/plan.ts";
import type { PlannedDocument } from "../plan/planned-document.ts";
import { policyFindings } from "../policy/policy.ts";
import { proxyName } from "../proxy.ts";
import type { StackService } from "../stack/service.ts";
import type { StackHost } from "../stack/stack.ts";
import { describeChanges } from "./document.ts";
import {
  printedVersion,
  type Drift,
  type PrintedDocument,
  type PrintedHost,
  type PrintedPlan,
  type ServiceImage,
} from "./printed-plan.ts";
import { releaseLines } from "./releases.ts";
import { serviceMoves } from "./service-move.ts";

/** The input of a printed plan besides the plan itself. */
interface PrintFacts {
  /** Sums of the variables that are not secret. */
  readonly plain: Readonly<Record<string, string>>;
  /** Only for a plan without engine and keys of deployments. */
  readonly offline?: OfflineFacts;
}

/** The unknown values of a plan without engine and keys of deployments, and the deployed documents by host. */
interface OfflineFacts {
  /** Paths of the configuration. */
  readonly unknown: readonly string[];
  readonly unknownVariables: readonly string[];
  readonly documents: Readonly<Record<string, readonly AppliedName[]>>;
  /** By host: the address at the last deploy, if the stack now names another server. */
  readonly movedFrom: Readonly<Record<string, string>>;
}

/** The names of an applied document. */
type AppliedName = Pick<PrintedDocument, "resource" | "object" | "kind">;

/** Turns a plan into plain data for the table, `slipway plan`, merge requests and later plans. */
export function printPlan({ stack, keepsRelease, rollback, hosts }: Plan, { plain, offline }: PrintFacts): PrintedPlan {
  const { name, release } = stack;
  const printed = Object.entries(hosts).map(
    ([host, plan]) => [host, printHost(host, plan, offline, rollback !== undefined)] as const,
  );
  return {
    version: printedVersion,
    stack: name,
    release: release?.version,
    keepsRelease,
    ...(rollback !== undefined && { rollback: { run: rollback.run, time: rollback.time } }),
    unknown: offline?.unknown ?? [],
    unknownVariables: offline?.unknownVariables ?? [],
    hosts: Object.fromEntries(printed),
    findings: policyFindings(stack),
    notes: stack.notes,
    plain,
  };
}

function printHost(name: string, plan: HostPlan, offline: OfflineFacts | undefined, goesBack: boolean): PrintedHost {
  const { host, observation } = plan;
  const applied = offline === undefined ? observation?.applied : offline.documents[name];
  const movedFrom = offline?.movedFrom[name];
  return {
    address: host.connection.host,
    hostKey: host.connection.hostKey,
    ...(movedFrom !== undefined && { movedFrom }),
    made: basisOf(observation, offline !== undefined),
    documents: documentsOf(plan).map((planned) => printDocument(plan, planned, goesBack)),
    removed: removedDocuments(plan, applied ?? []),
    services: serviceMoves(plan),
    drift: driftOf(observation),
    ill: observation === undefined ? [] : unhealthyServices(observation),
    remarks: observation?.remarks ?? [],
    images: serviceImages(host, observation),
    releases: releaseLines(observation?.release),
    networks: networksThere(host, observation),
    written: plan.written,
  };
}

function basisOf(observation: Observation | undefined, isOffline: boolean): PrintedHost["made"] {
  if (isOffline) return observation === undefined ? "offline" : "offline with facts";
  return observation === undefined ? "blind" : "observed";
}

/** The networks on the server that the stack made; external ones are left out. */
function networksThere({ networks }: StackHost, observation: Observation | undefined): PrintedHost["networks"] {
  const own = networks.filter(({ kind }) => kind !== "external");
  const there = own.flatMap(({ name }) => observation?.networks.find((network) => network.name === name) ?? []);
  return there.map(({ name, subnets }) => ({ network: name, subnets }));
}

/** Every difference between a server and its applied documents, whatever is declared now. */
export function driftOf(observation: Observation | undefined): Drift[] {
  const applied = observation?.applied ?? [];
  return applied.flatMap(({ resource, differences }) => differences.map((difference) => ({ resource, ...difference })));
}

function printDocument(plan: HostPlan, planned: PlannedDocument, goesBack: boolean): PrintedDocument {
  const { document, object, number, hash, change, before, text } = planned;
  const adopted = document.kind === "adoption" ? adoptionChanges(plan, planned) : [];
  const changes = [...adopted, ...(before === undefined ? [] : describeChanges(before, document))];
  const { impact, meaning, gap } = costOf(plan, planned, goesBack);
  return {
    resource: document.resource,
    kind: document.kind,
    ...{ object, number, hash, change },
    changes: changes.map(({ path, from, to }) => ({ path, from, to })),
    ...{ impact, meaning, gap, text },
  };
}

const removalMeanings: Readonly<Record<string, string>> = {
  adoption: "the old containers were given up; nothing changes",
  volume: "its volume stays with all data, but is no longer guarded",
  compose: "its containers stop and go; volumes stay",
  rollout: "its routes and both colours go",
  migration: "nothing is undone in the database",
};

/** The applied documents that the engine will delete, since they are no longer declared. */
function removedDocuments(plan: HostPlan, applied: readonly AppliedName[]): PrintedHost["removed"] {
  return removedOf(plan, applied).map(({ resource, object, kind }) => {
    return { resource, object, meaning: removalMeanings[kind] ?? "what it made is removed" };
  });
}

/** The images of all services of a host, the proxy's last. */
export function serviceImages(
  { services, parts, projects }: StackHost,
  observation: Observation | undefined,
): ServiceImage[] {
  const containers = observation?.containers.filter(({ state }) => state === "running");
  const running = (part: StackService["part"] | "proxy", name: string): readonly string[] | undefined =>
    containers && imagesOf(containers.filter((container) => belongsTo(container, projects, part, name)));
  const proxyImage = (declared: string): ServiceImage => {
    return { service: proxyName, declared, running: running("proxy", proxyName) };
  };
  return [
    ...services
      .filter(({ part }) => part !== "migration")
      .map(({ name, part, image }) => ({ service: name, declared: image, running: running(part, name) }))
      .sort((a, b) => (a.service < b.service ? -1 : 1)),
    ...(parts.release === undefined ? [] : [proxyImage(parts.release.proxy.image)]),
  ];
}

function imagesOf(containers: readonly ContainerFact[]): string[] {
  return [...new Set(containers.map(({ image }) => image))].sort();
}

/** Tells a container of a service; a release service is called `api-blue` in the project of its colour. */
function belongsTo(
  { project, service }: ContainerFact,
  projects: StackHost["projects"],
  part: StackService["part"] | "proxy",
  name: string,
): boolean {
  const ownPart = projects[project];
  if (part === "release") return (ownPart === "blue" || ownPart === "green") && service === `${name}-${ownPart}`;
  return ownPart === part && service === name;
}
