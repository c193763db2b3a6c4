import { readLastOutputs, type DocumentsOutput } from "../facts/last-outputs.ts";
import type { Observation, WrittenFile } from "../facts/observation.ts";
import { hostProblems } from "../facts/rules.ts";
import { configurationError } from "../problem.ts";
import { renderRelease } from "../render/release.ts";
import { renderMigration } from "../render/migration.ts";
import { renderProxy } from "../render/proxy.ts";
import { renderRoutes } from "../render/routes.ts";
import { renderShared } from "../render/shared.ts";
import { withRelease, type Deployment } from "../stack/deployment.ts";
import type { Release } from "../stack/release.ts";
import { stackOf } from "../stack/derive.ts";
import { proxyService } from "../stack/names.ts";
import type { Stack, StackHost } from "../stack/stack.ts";
import type { DataVolume } from "../stack/service.ts";
import { claimOf, hostNeeds } from "./claim.ts";
import {
  claimDocument,
  directoryDocument,
  filesDocument,
  imagesDocument,
  networksDocument,
  secretsDocument,
} from "./documents.ts";
import type { HostFacts } from "./host-facts.ts";
import { DocumentNumbers, writtenBelow, writtenFiles, type PlannedDocument } from "./planned-document.ts";
import { lastRelease } from "./last-release.ts";
import { releaseProblems } from "./release-problems.ts";
import {
  confirmDocument,
  migrationDocument,
  proxyDocument,
  rolloutDocument,
  sharedDocument,
  volumeDocument,
} from "./service-documents.ts";
import { stackProblems } from "./rules.ts";

/** The plan of one environment: the desired state of each of its servers. */
export interface Plan {
  readonly stack: Stack;
  /** There is no release document, so the release that was verified last stays. */
  readonly keepsRelease: boolean;
  /** By name of the host. */
  readonly hosts: Readonly<Record<string, HostPlan>>;
}

/** The plan of one server: a document for each resource, in the order in which they are applied. */
export interface HostPlan {
  readonly host: StackHost;
  /** The facts that the plan was made of; undefined if the server was not observed. */
  readonly observation: Observation | undefined;
  readonly claim: PlannedDocument;
  readonly directory: PlannedDocument;
  readonly images: PlannedDocument;
  readonly files: PlannedDocument;
  readonly written: readonly WrittenFile[];
  readonly secrets: PlannedDocument;
  readonly networks: PlannedDocument;
  readonly volumes: readonly PlannedVolume[];
  readonly shared: PlannedDocument;
  readonly proxy: PlannedDocument;
  /** Undefined if the stack has no migration. */
  readonly migration: PlannedDocument | undefined;
  readonly rollout: PlannedDocument;
  /** The last step of the release: it is verified from then on. */
  readonly confirm: PlannedDocument;
}

/** A data volume with the document of its guard. */
export interface PlannedVolume extends DataVolume {
  readonly guard: PlannedDocument;
}

/** A deployment with the stack that was made of it, which breaks no rule about a stack. */
export interface CheckedDeployment {
  readonly deployment: Deployment;
  readonly stack: Stack;
}

/** Everything that a plan is made of besides the deployment itself. */
interface PlanFacts {
  /** By name of the host. */
  readonly hosts: Readonly<Record<string, HostFacts>>;
  /** The release that was applied last, for a plan without observations. */
  readonly release?: Release;
  /** Makes the name of an attempt, so that two attempts at one change differ. */
  readonly newAttempt: () => string;
}

/**
 * Makes the plan of one environment, or throws everything that forbids it. The same facts give the same plan, except
 * for the attempts.
 */
export function planDeployment(checked: CheckedDeployment, facts: PlanFacts): Plan {
  const keepsRelease = checked.deployment.release === undefined;
  const stack = keepsRelease ? withLastRelease(checked.deployment, facts) : checked.stack;
  const hosts = Object.values(stack.hosts).map((host) => ({ host, facts: factsOf(host.name, facts) }));
  const problems = [
    // A stack with a release document was checked when it was loaded.
    ...(keepsRelease ? stackProblems(stack) : []),
    ...hosts.flatMap(({ host, facts: { observation, last } }) =>
      observation === undefined ? [] : hostProblems(hostNeeds(stack, host), observation, last),
    ),
  ];
  if (problems.length > 0) throw configurationError(problems);
  const plans = hosts.map(({ host, facts: known }) => {
    return [host.name, planHost(stack, host, new DocumentNumbers(known, facts.newAttempt), known)] as const;
  });
  const ofRelease = plans.flatMap(([, plan]) => releaseProblems(plan));
  if (ofRelease.length > 0) throw configurationError(ofRelease);
  return { stack, keepsRelease, hosts: Object.fromEntries(plans) };
}

/** The stack of a deployment without a release document, which keeps the release that was verified last. */
function withLastRelease(deployment: Deployment, { release, hosts }: PlanFacts): Stack {
  const observations = Object.values(hosts).map(({ observation }) => observation);
  return stackOf(withRelease(deployment, release ?? lastRelease(observations)));
}

function factsOf(host: string, { hosts }: PlanFacts): HostFacts {
  return hosts[host] ?? { observation: undefined, last: readLastOutputs({}, host) };
}

function planHost(stack: Stack, host: StackHost, numbers: DocumentNumbers, facts: HostFacts): HostPlan {
  const { directory, project, environment, variables } = stack;
  const { parts, networks, services } = host;
  const release: NonNullable<Stack["release"]> = stack.release ?? { version: "none", images: {} };
  const { version, commit } = release;
  const claim = claimOf(stack, host);
  const shared = renderShared(parts.shared, networks);
  const migration = parts.migration && renderMigration(parts.migration, networks, environment);
  const routes = renderRoutes({ version, entryPoints: parts.proxy.entryPoints, services: parts.release.services });
  const settings = stack.rollout;
  const rendered = renderRelease(parts.release, networks, routes, parts.proxy);
  const rollout = numbers.plan(rolloutDocument({ directory, project, version, commit, variables, settings }, rendered));
  const images = imagesOf(services, parts.proxy.image);
  const confirmation = { directory, project, release, rollout: rollout.hash, images, warm: settings.warm };
  const files = numbers.plan(filesDocument(directory, shared.files));
  const written = writtenFiles(files, facts.observation?.files ?? facts.last.files);
  return {
    host,
    observation: facts.observation,
    claim: numbers.plan(claimDocument(claim)),
    directory: numbers.plan(directoryDocument(directory)),
    images: numbers.plan(imagesDocument(services, parts.proxy.image)),
    files,
    written,
    secrets: numbers.plan(secretsDocument({ directory, variables }, shared.secrets)),
    networks: numbers.plan(networksDocument(claim.networks)),
    volumes: host.volumes.map((volume) => ({
      ...volume,
      guard: numbers.plan(volumeDocument(volume, stack.adopt[volume.volume])),
    })),
    shared: numbers.plan(sharedDocument(shared, variables, (path) => writtenBelow(written, path))),
    proxy: numbers.plan(proxyDocument(renderProxy(parts.proxy, networks))),
    migration: migration && numbers.plan(migrationDocument(migration, version)),
    rollout,
    confirm: numbers.plan(confirmDocument(confirmation)),
  };
}

/** The image of every service, and the proxy's. */
function imagesOf(services: StackHost["services"], proxy: string): Record<string, string> {
  return { ...Object.fromEntries(services.map(({ name, image }) => [name, image])), [`@${proxyService}`]: proxy };
}

/** All documents of a host, in the order in which they are applied. */
export function documentsOf(plan: HostPlan): PlannedDocument[] {
  const { claim, directory, images, files, secrets, networks, volumes, shared, proxy, migration } = plan;
  return [
    ...[claim, directory, images, files, secrets, networks],
    ...volumes.map(({ guard }) => guard),
    ...[shared, proxy],
    ...(migration === undefined ? [] : [migration]),
    ...[plan.rollout, plan.confirm],
  ];
}

/** The documents of a host that change something. */
export function changesOf(plan: HostPlan): PlannedDocument[] {
  return documentsOf(plan).filter(({ change }) => change.kind !== "same");
}

/** The applied documents that the plan no longer declares; the engine deletes what they made. */
export function removedOf<Applied extends { readonly object: string }>(
  plan: HostPlan,
  applied: readonly Applied[],
): Applied[] {
  const declared = new Set(documentsOf(plan).map(({ object }) => object));
  return applied.filter(({ object }) => !declared.has(object));
}

/** The stack output `documents` after a plan is applied, by host. */
export function documentsOutput({ hosts }: Plan): Readonly<Record<string, DocumentsOutput>> {
  const outputs = Object.entries(hosts).map(([name, plan]): [string, DocumentsOutput] => {
    const documents = documentsOf(plan).map(
      ({ document, number, hash }) => [document.resource, { number, hash }] as const,
    );
    return [name, { documents: Object.fromEntries(documents), files: plan.written }];
  });
  return Object.fromEntries(outputs);
}
