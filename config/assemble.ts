import { posix } from "node:path";
import { readApplication } from "../model/compose-application.ts";
import type { ServiceReading } from "../model/compose-reading.ts";
import type { Deployment } from "../model/deployment.ts";
import type { EnvVariable } from "../model/env-file.ts";
import { ConfigurationError, type Problem } from "../model/problem.ts";
import { deploymentOf } from "./deployment.ts";
import { readDraft, type Draft } from "./draft.ts";
import { envVariables, fingerprintOf, ownVariables, variableProblems } from "./env-variables.ts";
import { migrationProblems, splitMigration } from "./migration.ts";
import { readRelease } from "./release-file.ts";
import { openRepository } from "./repository.ts";
import { ruleProblems } from "./rules.ts";
import { serviceSchema, type ServiceConfig } from "./schema.ts";

/** Where everything that a stack says comes from. */
export interface StackSource {
  readonly project: string;
  readonly stack: string;
  /** The folder of Pulumi.yaml. */
  readonly root: string;
  /** The stack's configuration by key, as Pulumi hands it over. */
  readonly texts: Readonly<Record<string, string>>;
  readonly environment: NodeJS.ProcessEnv;
}

/** One environment, checked, with what only its session may see. */
export interface LoadedDeployment {
  readonly deployment: Deployment;
  /** The whole env file, secrets too: for the session alone. */
  readonly values: readonly EnvVariable[];
  /** What was read otherwise than Compose would, for people. */
  readonly notes: readonly string[];
}

/** Reads configuration, compose file, release and repository into one deployment, or throws everything that is wrong with them. */
export function assembleDeployment(source: StackSource): LoadedDeployment {
  const { draft, problems } = readDraft(source.texts, source.environment);
  const own = ownVariables(draft, source.stack);
  const { deployment, notes, problems: further } = readFiles(source, draft, own);
  const all = [...problems, ...variableProblems(draft, own), ...further];
  if (deployment === undefined || all.length > 0) throw new ConfigurationError(all);
  return { deployment, values: envVariables(draft, own), notes };
}

interface ReadFiles {
  /** Undefined where the compose file could not be read. */
  readonly deployment: Deployment | undefined;
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

function readFiles(source: StackSource, draft: Draft, own: Readonly<Record<string, string>>): ReadFiles {
  const { compose = "compose.yaml", release: { file: releaseFile } = { file: "release.json" } } = draft;
  const folder = openRepository(posix.join(source.root, posix.dirname(compose)));
  const root = openRepository(source.root);
  const {
    application: read,
    names,
    problems,
  } = readApplication({
    file: posix.basename(compose),
    prefix: posix.dirname(compose) === "." ? "" : `${posix.dirname(compose)}/`,
    folder,
    services: servicesOf(draft),
    variables: { ...draft.variables, ...own },
    secrets: Object.keys(draft.secrets ?? {}),
  });
  const { release, problems: releaseProblems } = readRelease(releaseFile, root.text(releaseFile));
  const found = [...problems, ...releaseProblems];
  if (read === undefined) return { deployment: undefined, notes: [], problems: found };
  const stack = `${source.project}/${source.stack}`;
  const environment = draft.environment ?? source.stack;
  const variables = fingerprintsOf(draft, own);
  const { application, migration } = splitMigration(draft, read);
  const deployment = deploymentOf(draft, { stack, environment, application, migration, release, variables });
  const files = { compose, release: releaseFile };
  const named = Object.keys(draft.services ?? {}).filter((name) => name !== migration?.service.name);
  const rules = ruleProblems({ deployment, named, services: names, files, tracked: root.tracked() });
  const further = migrationProblems(draft, names, compose);
  return { deployment, notes: read.notes, problems: [...found, ...rules, ...further] };
}

/** Every service that the stack names, be it only by a host port. */
function servicesOf({ services = {}, ports = {}, migration }: Draft): Record<string, ServiceReading> {
  const names = new Set([...Object.keys(services), ...Object.keys(ports)]);
  const readings = Array.from(names, (name) => [name, readingOf(services[name], ports[name] !== undefined)] as const);
  if (migration === undefined) return Object.fromEntries(readings);
  const ofMigration = { ...readingOf(services[migration.service], false), release: true };
  return { ...Object.fromEntries(readings), [migration.service]: ofMigration };
}

function readingOf(service: ServiceConfig | undefined, published: boolean): ServiceReading {
  const { release, drop, data } = service ?? serviceSchema.parse({});
  return { release, drop, hasData: data !== undefined, published };
}

/** Without a key, which is a problem of its own, nothing is hashed. */
function fingerprintsOf(draft: Draft, own: Readonly<Record<string, string>>): Record<string, string> {
  const { fingerprintKey } = draft;
  if (fingerprintKey === undefined) return {};
  return Object.fromEntries(
    envVariables(draft, own).map((variable) => [variable.name, fingerprintOf(fingerprintKey, variable)]),
  );
}
