import type { Deployment } from "../stack/deployment.ts";
import {
  claimDocument,
  directoryDocument,
  filesDocument,
  imagesDocument,
  networksDocument,
  secretsDocument,
} from "./documents.ts";
import { composeDocument, migrationDocument, rolloutDocument, volumeDocument } from "./service-documents.ts";
import { withRelease } from "../stack/known-release.ts";
import { DocumentNumbers, type PlannedDocument } from "./planned-document.ts";
import type { Observation, WrittenFile } from "../facts/observation.ts";
import { renderColour, renderMigration, renderProblems, renderProxy, renderShared } from "../render/render.ts";
import { ConfigurationError } from "../problem.ts";
import type { Published } from "../facts/published.ts";
import { observedProblems } from "../facts/rules.ts";
import { volumesOf, type DataVolume } from "../stack/volumes.ts";
import { writtenBelow, writtenFiles } from "./written-file.ts";

/** What one server shall be, a document for each resource, in the order in which they are applied. */
export interface HostPlan {
  readonly deployment: Deployment;
  /** What a look found when the plan was made; undefined where nobody looked. */
  readonly observation: Observation | undefined;
  /** There was no release document, so the release that was applied last stays. */
  readonly keepsRelease: boolean;
  readonly claim: PlannedDocument;
  readonly serverDirectory: PlannedDocument;
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
  readonly release: PlannedDocument;
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
  /** By object: the documents that an earlier plan printed, where that is all that is known. */
  readonly before?: ReadonlyMap<string, string>;
  readonly newAttempt: () => string;
}

/** Makes the plan of one environment, or throws everything that forbids it. Pure: the same facts give the same plan, but for the attempts. */
export function planDeployment(asked: Deployment, facts: PlanFacts): HostPlan {
  const deployment = withRelease(asked, facts.observation);
  const problems = [
    ...renderProblems(deployment),
    ...(facts.observation === undefined ? [] : observedProblems(deployment, facts.observation, facts.published)),
  ];
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { ...planHost(deployment, facts), keepsRelease: asked.release === undefined };
}

function planHost(deployment: Deployment, facts: PlanFacts): Omit<HostPlan, "keepsRelease"> {
  const numbers = new DocumentNumbers(facts);
  const shared = renderShared(deployment);
  const migration = renderMigration(deployment);
  const files = numbers.plan(filesDocument(deployment, shared.files));
  const written = writtenFiles(files, facts.observation?.files ?? facts.published.files);
  return {
    deployment,
    observation: facts.observation,
    claim: numbers.plan(claimDocument(deployment)),
    serverDirectory: numbers.plan(directoryDocument(deployment)),
    images: numbers.plan(imagesDocument(deployment)),
    files,
    written,
    secrets: numbers.plan(secretsDocument(deployment, shared.secrets)),
    networks: numbers.plan(networksDocument(deployment)),
    volumes: volumesOf(deployment).map((volume) => ({ ...volume, guard: numbers.plan(volumeDocument(volume)) })),
    shared: numbers.plan(composeDocument("shared", shared, deployment, (path) => writtenBelow(written, path))),
    proxy: numbers.plan(composeDocument("proxy", renderProxy(deployment), deployment, () => "")),
    migration: migration && numbers.plan(migrationDocument(deployment, migration)),
    release: numbers.plan(rolloutDocument(deployment, renderColour(deployment))),
  };
}

/** All documents of a host, in the order in which they are applied. */
export function documentsOf(plan: HostPlan): PlannedDocument[] {
  const { claim, serverDirectory, images, files, secrets, networks, volumes, shared, proxy, migration, release } = plan;
  return [
    claim,
    serverDirectory,
    images,
    files,
    secrets,
    networks,
    ...volumes.map(({ guard }) => guard),
    shared,
    proxy,
    ...(migration === undefined ? [] : [migration]),
    release,
  ];
}

/** The documents that will change something. */
export function changesOf(plan: HostPlan): PlannedDocument[] {
  return documentsOf(plan).filter(({ change }) => change.kind !== "same");
}
