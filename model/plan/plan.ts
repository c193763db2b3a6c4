import type { Observation, ReleaseFact, WrittenFile } from "../facts/observation.ts";
import type { Published } from "../facts/published.ts";
import { hostProblems } from "../facts/rules.ts";
import { ConfigurationError } from "../problem.ts";
import { renderColour } from "../render/colour.ts";
import { renderMigration } from "../render/migration.ts";
import { renderProxy } from "../render/proxy.ts";
import { renderRoutes } from "../render/routes.ts";
import { renderShared } from "../render/shared.ts";
import { claimOf } from "../stack/claim.ts";
import type { Deployment } from "../stack/deployment.ts";
import { withRelease } from "../stack/known-release.ts";
import type { Release } from "../stack/release.ts";
import { stackOf } from "../stack/derive.ts";
import type { Stack } from "../stack/stack.ts";
import type { DataVolume } from "../stack/service.ts";
import {
  claimDocument,
  directoryDocument,
  filesDocument,
  imagesDocument,
  networksDocument,
  secretsDocument,
} from "./documents.ts";
import { DocumentNumbers, type PlannedDocument } from "./planned-document.ts";
import {
  migrationDocument,
  proxyDocument,
  rolloutDocument,
  sharedDocument,
  volumeDocument,
} from "./service-documents.ts";
import { stackProblems } from "./stack-rules.ts";
import { writtenBelow, writtenFiles } from "./written-file.ts";

/** What one server shall be, a document for each resource, in the order in which they are applied. */
export interface HostPlan {
  readonly stack: Stack;
  /** What a look found when the plan was made; undefined where nobody looked. */
  readonly observation: Observation | undefined;
  /** There was no release document, so the release that was applied last stays. */
  readonly keepsRelease: boolean;
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
  /** Undefined where the stack names no migration. */
  readonly migration: PlannedDocument | undefined;
  readonly rollout: PlannedDocument;
}

/** A data volume and the document of its guard. */
export interface PlannedVolume extends DataVolume {
  readonly guard: PlannedDocument;
}

/** What is known beside the deployment itself when a plan is made. */
export interface PlanFacts {
  /** Undefined when the server could not be asked: the plan is then made blind. */
  readonly observation: Observation | undefined;
  /** What the stack's outputs say of the last deploy. */
  readonly published: Published;
  /** The release that was applied last, where the server was not asked for it. */
  readonly release?: Release;
  /** By object: the documents that an earlier plan printed, where that is all that is known. */
  readonly before?: ReadonlyMap<string, string>;
  readonly newAttempt: () => string;
}

/** Makes the plan of one environment, or throws everything that forbids it. Pure: the same facts give the same plan, but for the attempts. */
export function planDeployment(asked: Deployment, facts: PlanFacts): HostPlan {
  const { observation, published } = facts;
  const stack = stackOf(withRelease(asked, facts.release ?? lastRelease(observation?.release)));
  const keepsRelease = asked.release === undefined;
  const problems = [
    ...stackProblems(stack),
    ...(observation === undefined ? [] : hostProblems(stack, observation, published)),
  ];
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { stack, observation, keepsRelease, ...planHost(stack, facts) };
}

function lastRelease(fact: ReleaseFact | undefined): Release | undefined {
  if (fact === undefined) return undefined;
  const { "@proxy": proxy, ...images } = fact.images;
  return { version: fact.version, images, ...(proxy !== undefined && { proxy }) };
}

function planHost(stack: Stack, facts: PlanFacts): Omit<HostPlan, "stack" | "observation" | "keepsRelease"> {
  const { directory, project, parts, networks, services, environment, variables } = stack;
  const version = stack.release?.version ?? "none";
  const numbers = new DocumentNumbers(facts);
  const claim = claimOf(stack);
  const shared = renderShared(parts.shared, networks);
  const migration = parts.migration && renderMigration(parts.migration, networks, environment);
  const routes = renderRoutes({ version, entryPoints: parts.proxy.entryPoints, services: parts.release.services });
  const rollout = { directory, project, version, variables };
  const files = numbers.plan(filesDocument(directory, shared.files));
  const written = writtenFiles(files, facts.observation?.files ?? facts.published.files);
  return {
    claim: numbers.plan(claimDocument(claim)),
    directory: numbers.plan(directoryDocument(directory)),
    images: numbers.plan(imagesDocument(services, parts.proxy.image)),
    files,
    written,
    secrets: numbers.plan(secretsDocument({ directory, variables }, shared.secrets)),
    networks: numbers.plan(networksDocument(claim.networks)),
    volumes: stack.volumes.map((volume) => ({ ...volume, guard: numbers.plan(volumeDocument(volume)) })),
    shared: numbers.plan(sharedDocument(shared, variables, (path) => writtenBelow(written, path))),
    proxy: numbers.plan(proxyDocument(renderProxy(parts.proxy, networks))),
    migration: migration && numbers.plan(migrationDocument(migration, version)),
    rollout: numbers.plan(rolloutDocument(rollout, renderColour(parts.release, networks, routes))),
  };
}

/** All documents of a host, in the order in which they are applied. */
export function documentsOf(plan: HostPlan): PlannedDocument[] {
  const { claim, directory, images, files, secrets, networks, volumes, shared, proxy, migration, rollout } = plan;
  return [
    ...[claim, directory, images, files, secrets, networks],
    ...volumes.map(({ guard }) => guard),
    ...[shared, proxy],
    ...(migration === undefined ? [] : [migration]),
    rollout,
  ];
}

/** The documents that will change something. */
export function changesOf(plan: HostPlan): PlannedDocument[] {
  return documentsOf(plan).filter(({ change }) => change.kind !== "same");
}
