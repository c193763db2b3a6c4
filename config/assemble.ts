import { posix } from "node:path";
import { readApplication } from "../model/compose/read.ts";
import type { ServiceReading } from "../model/compose/reading.ts";
import type { Deployment } from "../model/stack/deployment.ts";
import type { EnvVariable } from "../model/stack/env-file.ts";
import { ConfigurationError, type Problem } from "../model/problem.ts";
import { stackOf } from "../model/stack/derive.ts";
import { deploymentOf } from "./deployment.ts";
import { readDraft, type Draft } from "./draft.ts";
import { envVariables, fingerprintOf } from "./env-variables.ts";
import { readEnvironment, type ReadEnvironment } from "./environment.ts";
import { splitMigration } from "./migration.ts";
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
  /** How to look without engine and keys. */
  readonly offline?: OfflineLook;
}

/** A look at a stack where not all is known, and where that is no problem. */
export interface OfflineLook {
  /** Paths of the configuration whose values nobody knows here. */
  readonly unknown: readonly string[];
  /** Whether variables that their source may hold are taken to be there. */
  readonly assume: boolean;
  /** Whether only the CI's own variables count, whatever else there is. */
  readonly onlyCi: boolean;
}

/** One environment, checked, with what only its session may see. */
export interface LoadedDeployment {
  readonly deployment: Deployment;
  /** The whole env file, secrets too: for the session alone. */
  readonly values: readonly EnvVariable[];
  /** Those of it that are no secrets. */
  readonly plain: Readonly<Record<string, string>>;
  /** What was read otherwise than Compose would, and what is to be known of the variables, for people. */
  readonly notes: readonly string[];
  /** Where the variables came from, such as "infra/env/staging.env.enc" or "CI variables". */
  readonly source: string;
}

/** One environment as far as it can be read, with everything that is wrong with it. */
export interface ReadStack {
  /** Undefined where the compose file could not be read. */
  readonly deployment: Deployment | undefined;
  readonly environment: ReadEnvironment;
  readonly notes: readonly string[];
  /** Paths of the configuration whose values are not known. */
  readonly unknown: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads configuration, variables, compose file, release and repository into one deployment, or throws everything that is wrong with them. */
export async function assembleDeployment(source: StackSource): Promise<LoadedDeployment> {
  const { deployment, environment, notes, problems } = await readStack(source);
  if (deployment === undefined || problems.length > 0) throw new ConfigurationError(problems);
  const plain = { ...environment.variables, ...environment.own };
  return { deployment, values: known(environment), plain, notes, source: environment.source.name };
}

/** The same without a word about what is wrong: that is in the answer. */
export async function readStack(source: StackSource): Promise<ReadStack> {
  const { draft, environment, problems, unknown } = await readVariables(source);
  const { deployment, notes, problems: further } = readFiles(source, draft, environment);
  return {
    deployment,
    environment,
    unknown,
    notes: [...notes, ...environment.notes],
    problems: [...problems, ...further],
  };
}

/** What a stack says of itself and of its variables, before any other file is read. */
export interface ReadVariables {
  readonly draft: Draft;
  readonly environment: ReadEnvironment;
  readonly unknown: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads configuration and variables alone. */
export async function readVariables(source: StackSource): Promise<ReadVariables> {
  const { draft, problems, unset } = readDraft(source.texts, source.environment);
  const unknown = source.offline === undefined ? [] : [...source.offline.unknown, ...unset];
  const own = problems.filter(({ path }) => !unknown.includes(path));
  const environment = await readEnvironment(source, { draft, problems: own });
  return { draft, environment, unknown, problems: [...own, ...environment.problems] };
}

function known({ source, variables, own }: ReadEnvironment): EnvVariable[] {
  const all = envVariables(variables, source.variables, own);
  return all.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
}

interface ReadFiles {
  /** Undefined where the compose file could not be read. */
  readonly deployment: Deployment | undefined;
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

function readFiles(source: StackSource, draft: Draft, env: ReadEnvironment): ReadFiles {
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
    variables: { ...env.variables, ...env.own },
    secrets: secretNames(env),
  });
  const { release, problems: releaseProblems } = readRelease(releaseFile, root.text(releaseFile));
  const found = [...problems, ...releaseProblems];
  if (read === undefined) return { deployment: undefined, notes: [], problems: found };
  const stack = `${source.project}/${source.stack}`;
  const environment = draft.environment ?? source.stack;
  const variables = fingerprintsOf(draft, env);
  const { application, migration } = splitMigration(draft, read);
  const deployment = deploymentOf(draft, { stack, environment, application, migration, release, variables });
  const files = { compose, release: releaseFile };
  const stackOfFiles = stackOf(deployment);
  const rules = ruleProblems({
    ...{ draft, stack: stackOfFiles, files },
    composeServices: names,
    suspects: root.suspects(),
  });
  return { deployment, notes: read.notes, problems: [...found, ...rules] };
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

/** What may stand in no rendered file: everything of the source but for what the stack and slipway say themselves. */
function secretNames({ source, variables, own }: ReadEnvironment): string[] {
  const names = source.variables.map(({ name }) => name);
  return names.filter((name) => variables[name] === undefined && own[name] === undefined);
}

/** Without a key, which is a problem of its own unless it is unknown, nothing is hashed. */
function fingerprintsOf({ fingerprintKey }: Draft, env: ReadEnvironment): Record<string, string> {
  const all = envVariables(env.variables, env.source.variables, env.own);
  if (fingerprintKey === undefined) return Object.fromEntries(all.map(({ name }) => [name, unknownFingerprint]));
  return Object.fromEntries(
    all.map(({ name, value }) => [
      name,
      value === undefined ? unknownFingerprint : fingerprintOf(fingerprintKey, { name, value }),
    ]),
  );
}

/** Stands in a look without keys where a fingerprint would. */
const unknownFingerprint = "unknown";
