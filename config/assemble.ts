import { posix } from "node:path";
import { connectionOf } from "../model/connection.ts";
import { projectEnvFile } from "../model/compose/env/env-files.ts";
import { readApplication, type ReaderResult } from "../model/compose/reader.ts";
import type { Application } from "../model/compose/application.ts";
import type { ReaderInput, ServiceOptions } from "../model/compose/context.ts";
import type { RestrictedVariables } from "../model/compose/env/only.ts";
import type { EnvVariable } from "../model/stack/env/env-file.ts";
import { configurationError, type Problem } from "../model/problem.ts";
import type { CheckedDeployment } from "../model/plan/plan.ts";
import type { ServiceSettings } from "../model/stack/deployment.ts";
import { stackOf } from "../model/stack/derive.ts";
import { imageLockFile } from "../model/stack/images/lock.ts";
import { findComposeFiles, placeOfFiles } from "./compose-files.ts";
import { composeSpecification } from "./schema/compose-specification.ts";
import { deploymentOf } from "./deployment.ts";
import { readDraft, type Draft } from "./draft.ts";
import { placesOfFolders } from "./folders.ts";
import { readImageLock } from "./images/lock.ts";
import { splitMigrations } from "./migration.ts";
import { isPublished, isUnreadPort } from "./ports.ts";
import { readSaidRelease, withRecordedRelease } from "./release/rollback.ts";
import { openRepository } from "./repository.ts";
import { ruleProblems } from "./rules.ts";
import { serviceSchema } from "./schema.ts";
import { checkTrackedFiles } from "../secrets/source/plain-secrets.ts";
import type { StackSource, StackTexts } from "./source.ts";
import { hostPortVariables } from "./variables/port-variables.ts";
import { onlyProblems, onlyServices } from "./variables/only.ts";
import {
  allVariables,
  collectVariables,
  fingerprintsOf,
  knownVariables,
  ownVariables,
  plainVariables,
  secretNames,
  withRequired,
  type StackVariables,
} from "./variables/stack-variables.ts";

/** The deployment of one environment, checked, with the values that only its own session may see. */
export interface LoadedDeployment extends CheckedDeployment {
  /** Every variable of the env file, secrets included: for the session alone. */
  readonly values: readonly EnvVariable[];
  /** The variables of the env file that are not secret. */
  readonly plain: Readonly<Record<string, string>>;
  /** Lines for people: facts about the variables. */
  readonly notes: readonly string[];
  /** The source of the variables, such as "infra/env/staging.env.enc" or "CI variables". */
  readonly source: string;
}

/** One environment as far as it can be read, with all its problems. */
export interface ReadStack {
  /** Checked only if there are no problems; undefined if the compose file could not be read. */
  readonly read: CheckedDeployment | undefined;
  readonly variables: StackVariables;
  readonly notes: readonly string[];
  /** Paths of the configuration whose values are not known here. */
  readonly unknown: readonly string[];
  /** The problems of these paths, which count only for those who need the values. */
  readonly unset: readonly Problem[];
  readonly problems: readonly Problem[];
  /** The settings that the advice of the problems asks for. */
  readonly wanted: ReaderResult["wanted"];
}

/**
 * Reads configuration, variables, compose file, release and repository into one deployment, or throws every problem.
 */
export async function assembleDeployment(stack: StackTexts): Promise<LoadedDeployment> {
  const { read, variables, notes, problems } = await readStack({ ...stack, purpose: "run", encrypted: [] });
  if (read === undefined || problems.length > 0) throw configurationError(problems);
  return {
    ...read,
    values: knownVariables(variables),
    plain: plainVariables(variables),
    notes,
    source: variables.source.name,
  };
}

/** Reads the same as `assembleDeployment`, and returns the problems instead of throwing them. */
export async function readStack(source: StackSource): Promise<ReadStack> {
  const { draft, variables: found, problems, unknown, unset } = await readStackVariables(source);
  const variables = withRequired(found);
  const { read, problems: further, wanted } = readFiles(source, draft, variables);
  return {
    read,
    wanted,
    variables,
    unknown,
    unset,
    notes: variables.notes,
    problems: [...problems, ...further.filter(({ path }) => !isUnreadPort(path, problems))],
  };
}

/** The configuration and the variables of a stack, before any other file is read. */
export interface ReadStackVariables {
  readonly draft: Draft;
  readonly variables: StackVariables;
  readonly unknown: readonly string[];
  readonly unset: readonly Problem[];
  /** The problems of the configuration's keys. */
  readonly ofKeys: readonly Problem[];
  /** These, and those of the variables. */
  readonly problems: readonly Problem[];
}

/** Reads configuration and variables alone. */
export async function readStackVariables(source: StackSource): Promise<ReadStackVariables> {
  const { draft, problems, unset: paths } = readDraft(source);
  if (problems.length === 0) source.found?.(Object.values(draft.hosts).map(connectionOf));
  const unknown = source.purpose === "run" ? [] : [...source.encrypted, ...paths];
  const own = problems.filter(({ path }) => !unknown.includes(path));
  const unset = problems.filter(({ path }) => unknown.includes(path));
  const ofPorts = ownPortVariables(source, draft);
  const variables = await collectVariables(source, { draft, problems: own, ofPorts });
  return { draft, variables, unknown, unset, ofKeys: own, problems: [...own, ...variables.problems] };
}

/** The env files of the repository that services read, and the one from which Compose fills in variables. */
function envFilesOf({ services }: Application, prefix: string): string[] {
  const files = Object.values(services).flatMap(({ envFiles }) => envFiles);
  const ofServices = files.flatMap(({ from, path }) => (from === "repository" ? [path] : []));
  return [...new Set([`${prefix}${projectEnvFile}`, ...ofServices])];
}

/** What the files beside the configuration say. */
interface ReadFiles
  extends Pick<ReadStack, "read" | "problems" | "wanted">, Pick<ReaderResult, "ofImages" | "askedByImages"> {}

/** Reads the files beside the configuration. */
export function readFiles(source: StackSource, draft: Draft, variables: StackVariables): ReadFiles {
  const {
    environment,
    release: { file: releaseFile },
  } = draft;
  const root = openRepository(source.root);
  const compose = findComposeFiles(draft.compose, root);
  const only = onlyServices(variables.contract, allVariables(variables));
  const read = readComposeFiles(source, draft, { variables, only, paths: compose.paths });
  const { application: whole, names, problems, wanted, askedByImages } = read;
  const name = `${source.project}/${source.stack}`;
  const said = readSaidRelease({ name, file: releaseFile, text: () => root.text(releaseFile) }, source.environment);
  const { lock, problems: lockProblems } = readImageLock(root.text(imageLockFile));
  const ofImages = [...compose.problems, ...read.ofImages, ...lockProblems];
  const found = [...compose.problems, ...problems, ...lockProblems, ...said.problems, ...onlyProblems(only, names)];
  if (whole === undefined) return { read: undefined, ofImages, askedByImages, problems: found, wanted };
  const tracked = checkTrackedFiles(
    root.suspects(envFilesOf(whole, placeOfFiles(compose.paths).prefix)),
    draft.policy.tracked,
  );
  const notes = [...compose.notes, ...tracked.notes, ...variables.defaults.notes, ...whole.notes];
  const { application, migrations } = splitMigrations(draft, { ...whole, notes });
  const envFiles = { contents: variables.files.contents, only: servicesByVariable(only) };
  const parts = { stack: name, environment, application, migrations, release: said.release, lock };
  const deployment = withRecordedRelease(
    deploymentOf(draft, { ...parts, variables: fingerprintsOf(draft.fingerprintKey, variables), envFiles }),
    said,
  );
  const files = { compose: compose.paths.join(" and "), release: releaseFile };
  const stack = stackOf(deployment);
  const rules = ruleProblems({ draft, stack, lock, files, composeServices: names });
  return {
    ...{ read: { deployment, stack, ...(said.rollback && { rollback: said.rollback }) }, askedByImages, wanted },
    ofImages: [...ofImages, ...rules.ofImages],
    problems: [...found, ...rules.ofImages, ...rules.others, ...tracked.problems],
  };
}

function readComposeFiles(
  source: StackSource,
  draft: Draft,
  { variables, only, paths }: { variables: StackVariables; only: RestrictedVariables; paths: readonly string[] },
): ReaderResult {
  if (paths.length === 0)
    return { application: undefined, names: [], problems: [], ofImages: [], askedByImages: new Set(), wanted: [] };
  const known = { variables: plainVariables(variables), secrets: secretNames(variables) };
  const envFiles = variables.files.contents;
  return readApplication({ ...readerInput(source, draft, paths), ...known, envFiles, only });
}

/** The variables of the compose files that hold host ports; the env file is not known yet. */
function ownPortVariables(source: StackSource, draft: Draft): Record<string, string> | undefined {
  const { paths } = findComposeFiles(draft.compose, openRepository(source.root));
  if (paths.length === 0) return undefined;
  const variables = { ...draft.variables, ...ownVariables(draft, {}) };
  return hostPortVariables(draft, {
    ...readerInput(source, draft, paths),
    variables,
    secrets: [],
    envFiles: {},
    only: {},
  });
}

function readerInput(
  source: StackSource,
  draft: Draft,
  paths: readonly string[],
): Omit<ReaderInput, "variables" | "secrets" | "envFiles" | "only"> {
  const { folder, ...files } = placeOfFiles(paths);
  return {
    ...files,
    schema: composeSpecification(),
    folder: openRepository(posix.join(source.root, folder)),
    services: servicesOf(draft),
    unnamed: optionsFor(undefined, false),
    folders: placesOfFolders(draft),
    limits: draft.files,
    profiles: draft.profiles,
    directory: draft.directory,
  };
}

function servicesByVariable(only: RestrictedVariables): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(only).map(([name, { services }]) => [name, services]));
}

/** Every service that the stack names, if only by a host port. */
function servicesOf({ services, ports, migration }: Draft): Record<string, ServiceOptions> {
  const names = new Set([...Object.keys(services), ...Object.keys(ports)]);
  const options = Array.from(names, (name) => [name, optionsFor(services[name], isPublished(ports[name]))] as const);
  const ofMigrations = (migration?.service ?? []).map((name) => {
    return [name, { ...optionsFor(services[name], false), release: true }] as const;
  });
  return { ...Object.fromEntries(options), ...Object.fromEntries(ofMigrations) };
}

function optionsFor(service: ServiceSettings | undefined, published: boolean): ServiceOptions {
  const { release, drop, data } = service ?? serviceSchema.parse({});
  return { release, drop, hasData: data !== undefined, published };
}
