import { readLastOutputs, type DocumentsOutput } from "../facts/last-outputs.ts";
import type { Observation, WrittenFile } from "../facts/observation.ts";
import { hostProblems } from "../facts/rules.ts";
import { configurationError } from "../problem.ts";
import { renderRelease } from "../render/release.ts";
import { renderMigration } from "../render/migration.ts";
import { renderProxy } from "../render/proxy.ts";
import { renderRoutes } from "../render/routes.ts";
import { withRelease, type Deployment } from "../stack/deployment.ts";
import type { Release } from "../stack/release.ts";
import { stackOf } from "../stack/derive.ts";
import { proxyName } from "../proxy.ts";
import { hasRelease, type ReleasePart, type Stack, type StackHost } from "../stack/stack.ts";
import type { DataVolume } from "../stack/service.ts";
import { claimOf, hostNeeds } from "./claim.ts";
import { adoptionDocument, claimDocument, directoryDocument, imagesDocument } from "./documents.ts";
import type { HostFacts } from "./host-facts.ts";
import { networksDocument, withNetworks } from "./networks-document.ts";
import { DocumentNumbers, type PlannedDocument } from "./planned-document.ts";
import { lastRelease } from "./last-release.ts";
import type { RunRecord } from "../facts/release/release.ts";
import { rollbackProblems, type Rollback } from "./rollback.ts";
import { releaseProblems } from "./release-problems.ts";
import { networkProblems } from "./remade-networks.ts";
import {
  confirmDocument,
  migrationDocument,
  proxyDocument,
  rolloutDocument,
  volumeDocument,
} from "./service-documents.ts";
import { planShared, type SharedDocuments } from "./shared.ts";
import { stackProblems } from "./rules.ts";

/** The plan of one environment: the desired state of each of its servers. */
export interface Plan {
  readonly stack: Stack;
  /** There is no release document, so the release that was verified last stays. */
  readonly keepsRelease: boolean;
  /** The record to which the run goes back; undefined if it is no rollback. */
  readonly rollback: RunRecord | undefined;
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
  /** Undefined if the stack takes the place of no hand-made compose project. */
  readonly adoption: PlannedDocument | undefined;
  readonly networks: PlannedDocument;
  readonly volumes: readonly PlannedVolume[];
  /** Undefined if the stack has no shared services. */
  readonly shared: SharedDocuments | undefined;
  /** Undefined if the stack has no release services. */
  readonly release: ReleaseDocuments | undefined;
  /** The delivered files that shared services mount, once the plan is applied. */
  readonly written: readonly WrittenFile[];
}

/** The documents of the services that come in colours. */
export interface ReleaseDocuments {
  readonly proxy: PlannedDocument;
  /** In the order in which they run. */
  readonly migrations: readonly PlannedDocument[];
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
  /** Present where the release is that of a record. */
  readonly rollback?: Rollback;
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
  const keepsRelease = checked.deployment.release === undefined && hasRelease(checked.stack);
  const stack = keepsRelease ? withLastRelease(checked.deployment, facts) : checked.stack;
  const hosts = Object.values(stack.hosts).map((host) => ({ host, facts: factsOf(host.name, facts) }));
  const problems = [
    // A stack with a release document was checked when it was loaded.
    ...(keepsRelease ? stackProblems(stack) : []),
    ...(checked.rollback === undefined ? [] : rollbackProblems(checked.rollback, observationsOf(facts))),
    ...hosts.flatMap(({ host, facts: { observation, last } }) =>
      observation === undefined ? [] : hostProblems(hostNeeds(stack, host), observation, last),
    ),
  ];
  if (problems.length > 0) throw configurationError(problems);
  const plans = hosts.map(({ host, facts: known }) => {
    return [host.name, planHost(stack, host, new DocumentNumbers(known, facts.newAttempt), known)] as const;
  });
  const ofChanges = plans.flatMap(([, plan]) => [...networkProblems(plan), ...releaseProblems(plan)]);
  if (ofChanges.length > 0) throw configurationError(ofChanges);
  return { stack, keepsRelease, rollback: checked.rollback?.record, hosts: Object.fromEntries(plans) };
}

/** The stack of a deployment without a release document, which keeps the release that was verified last. */
function withLastRelease(deployment: Deployment, facts: PlanFacts): Stack {
  return stackOf(withRelease(deployment, facts.release ?? lastRelease(observationsOf(facts))));
}

function observationsOf({ hosts }: PlanFacts): (Observation | undefined)[] {
  return Object.values(hosts).map(({ observation }) => observation);
}

function factsOf(host: string, { hosts }: PlanFacts): HostFacts {
  return hosts[host] ?? { observation: undefined, last: readLastOutputs({}, host) };
}

function planHost(stack: Stack, host: StackHost, numbers: DocumentNumbers, facts: HostFacts): HostPlan {
  const { release } = host.parts;
  const claim = claimOf(stack, host);
  const claimed = numbers.plan(claimDocument(claim));
  const directory = numbers.plan(directoryDocument(stack.directory));
  const images = numbers.plan(imagesDocument(host.services, release?.proxy.image, stack.keep));
  const adoption = adoptionDocument(stack, host.services);
  const networks = numbers.plan(networksDocument(host.networks, stack.networks.range));
  const volumes = host.volumes.map((volume) => ({
    ...volume,
    guard: numbers.plan(volumeDocument(volume, stack.adopt.data[volume.volume])),
  }));
  const known = facts.observation?.files ?? facts.last.files;
  const shared = planShared(stack, host, { numbers, known });
  return {
    ...{ host, observation: facts.observation, claim: claimed, directory, images, networks, volumes },
    adoption: adoption && numbers.plan(adoption),
    shared: shared?.documents,
    release: release && planRelease(stack, host, release, numbers),
    written: shared?.written ?? [],
  };
}

function planRelease(stack: Stack, host: StackHost, part: ReleasePart, numbers: DocumentNumbers): ReleaseDocuments {
  const { directory, project, environment, variables, rollout: settings } = stack;
  const { networks, services } = host;
  const { proxy } = part;
  const { joins } = proxy.networks;
  const release: Release = stack.release ?? { version: "none", images: {} };
  const { version } = release;
  const routes = renderRoutes({ version, entryPoints: proxy.entryPoints });
  const rendered = renderRelease(part, routes);
  const own = rolloutDocument({ directory, project, release, variables, settings }, rendered);
  const rollout = numbers.plan(withNetworks(own, networks, part.services));
  const images = imagesOf(services, proxy.image);
  const confirmation = { directory, project, release, rollout: rollout.hash, images, warm: settings.warm };
  const migrations = part.migrations.map((migration) => renderMigration(migration, environment));
  return {
    proxy: numbers.plan(withNetworks(proxyDocument(renderProxy(proxy)), networks, [{ attachments: [], joins }])),
    migrations: migrations.map((migration) => numbers.plan(migrationDocument(migration, release))),
    rollout,
    confirm: numbers.plan(confirmDocument(confirmation)),
  };
}

/** The image of every service, and the proxy's. */
function imagesOf(services: StackHost["services"], proxy: string): Record<string, string> {
  return { ...Object.fromEntries(services.map(({ name, image }) => [name, image])), [proxyName]: proxy };
}

/** All documents of a host, in the order in which they are applied. */
export function documentsOf(plan: HostPlan): PlannedDocument[] {
  const { claim, directory, images, adoption, networks, volumes } = plan;
  const { files, secrets, before, after } = plan.shared ?? {};
  const { proxy, migrations = [], rollout, confirm } = plan.release ?? {};
  const guards = volumes.map(({ guard }) => guard);
  const prepared = [claim, directory, images, files, secrets, adoption, networks, ...guards];
  const all = [...prepared, proxy, before, ...migrations, rollout, confirm, after];
  return all.filter((document) => document !== undefined);
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
