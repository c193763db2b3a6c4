import { createHmac } from "node:crypto";
import type { VariableFingerprint } from "../../model/stack/deployment.ts";
import { shortestMasked } from "../../model/shortest-masked.ts";
import type { EnvVariable } from "../../model/stack/env/env-file.ts";
import { isOfStack } from "../../model/stack/env/env-files.ts";
import type { Problem } from "../../model/problem.ts";
import type { Contract } from "../../secrets/contract/contract.ts";
import { contractProblems } from "../../secrets/contract/check.ts";
import { findContract } from "../../secrets/contract/file.ts";
import { hasRules } from "../../secrets/contract/contract.ts";
import type { EnvRequest, EnvSource } from "../../secrets/source/env-source.ts";
import type { FoundVariable } from "../../secrets/source/found-variable.ts";
import { readSource } from "../../secrets/source/read.ts";
import type { Draft, ReadDraft } from "../draft.ts";
import type { StackSource } from "../source.ts";
import { readDefaults, type Defaults } from "./defaults.ts";
import { readEnvFiles, type EnvFileVariables } from "./env-files.ts";
import { unsetPlaceholders, variableProblems } from "./variable-problems.ts";

/** The variables of one environment, by their origin. */
export interface StackVariables {
  /** The source of the secret variables. */
  readonly source: EnvSource;
  /** Set in the stack's file, in plain text. */
  readonly configured: Readonly<Record<string, string>>;
  /** Set by slipway. */
  readonly own: Readonly<Record<string, string>>;
  /** Set by the project's `.env` in git, where nothing else sets them. */
  readonly defaults: Pick<Defaults, "variables" | "secret" | "notes">;
  /** What stands in the env files that the configuration names. */
  readonly files: Pick<EnvFileVariables, "contents" | "variables">;
  /** The list of variables: a contract if it has rules, else an example. */
  readonly contract: Contract | undefined;
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
  /** Those of files and sources that could not be read: they may hide a variable. */
  readonly ofSources: readonly Problem[];
}

/** A configuration with its problems, and the variables by which the compose file publishes ports. */
interface VariablesInput extends Pick<ReadDraft, "draft" | "problems"> {
  /** Undefined if the compose file cannot be read. */
  readonly ofPorts: Readonly<Record<string, string>> | undefined;
}

/** Collects the variables of a stack from everything that sets some, and checks them against the contract (A3). */
export async function collectVariables(
  stack: StackSource,
  { draft, problems: ofStack, ofPorts }: VariablesInput,
): Promise<StackVariables> {
  const { environment, env, variables: configured, secrets } = draft;
  const { contract, problems: ofContract, notes } = findContract(stack.root, env.contract);
  const request: EnvRequest = {
    ...{ root: stack.root, environment, settings: env, secrets: secretsOf(draft, stack.encrypted), contract },
    ...{ process: stack.environment, purpose: stack.purpose },
  };
  const source = await readSource(request);
  const own = ownVariables(draft, ofPorts ?? {});
  const { defaults, names: there } = withDefaults(stack, draft, { ...noVariables, configured, source, own });
  const files = await readEnvFiles(request, env.files, { names: there, all: source.names });
  const plain = Object.entries(configured).map(([name, value]) => ({ name, value, place: `variables.${name}` }));
  // A faulty key of the stack may be one that sets a variable, and a compose file tells which of them are ports.
  const names = ofStack.length === 0 && ofPorts !== undefined ? "known" : "not known here";
  const broken =
    contract === undefined || !hasRules(contract)
      ? unsetPlaceholders(source.variables)
      : contractProblems({ contract, plain, source, own: { names, values: own } });
  const unset = unsetPlaceholders(plain).filter(({ path }) => !broken.some((problem) => problem.path === path));
  const ofSources = [...ofContract, ...source.problems, ...defaults.problems, ...files.problems];
  const problems = [...ofSources, ...variableProblems(plain, source, { own, ofPorts }), ...broken, ...unset];
  const unused = source.kind !== "config" && Object.keys(secrets).length > 0 ? [unusedSecrets(source)] : [];
  const read = { source, configured, own, defaults, files, contract };
  const all = [...notes, ...unused, ...source.notes, ...files.notes, ...unmaskable(read)];
  return { ...read, notes: all, problems, ofSources };
}

/** The variables that only the project's `.env` in git sets, and the names of all. */
function withDefaults(
  stack: StackSource,
  draft: Draft,
  variables: SetVariables,
): { readonly defaults: Defaults; readonly names: ReadonlySet<string> } {
  const values = new Map(allVariables(variables).map(({ name, value }) => [name, value]));
  const secret = new Set(secretNames(variables));
  const defaults = readDefaults(stack, draft, { values, secret, own: new Set(Object.keys(variables.own)) });
  return { defaults, names: new Set([...values.keys(), ...defaults.variables.map(({ name }) => name)]) };
}

/** No variables beside those that stack, source and slipway set. */
const noVariables: Pick<StackVariables, "defaults" | "files"> = {
  defaults: { variables: [], secret: [], notes: [] },
  files: { contents: {}, variables: [] },
};

/** Names the secrets that are too short to be hidden: any text may hold so few characters by chance. */
function unmaskable(variables: SetVariables): string[] {
  const secret = new Set([...secretNames(variables), ...variables.files.variables.map(({ name }) => name)]);
  const short = allVariables(variables).filter(
    ({ name, value = "" }) => secret.has(name) && value !== "" && value.length < shortestMasked,
  );
  if (short.length === 0) return [];
  const names = short.map(({ name }) => name).sort();
  return [
    `values of fewer than ${shortestMasked} characters cannot be hidden in logs: ${names.join(", ")}; ` +
      "give each that is a secret a longer value",
  ];
}

/** The variables that slipway itself writes into the env file of a stack; `ofPorts` are those that hold host ports. */
export function ownVariables(draft: Draft, ofPorts: Readonly<Record<string, string>>): Record<string, string> {
  const { project, directory, domain, environment } = draft;
  return {
    ...ofPorts,
    ENVIRONMENT: environment,
    ...(project !== undefined && { COMPOSE_PROJECT_NAME: project }),
    ...(directory !== undefined && { SERVER_APP_DIR: directory }),
    ...(domain !== undefined && { DOMAINNAME: domain }),
  };
}

function secretsOf({ secrets }: Draft, encrypted: readonly string[]): EnvRequest["secrets"] {
  if (encrypted.includes("secrets")) return "not known here";
  const names = encrypted.flatMap((path) => /^secrets\.(.+)$/.exec(path)?.[1] ?? []);
  return { ...secrets, ...Object.fromEntries(names.map((name) => [name, undefined])) };
}

function unusedSecrets({ name }: EnvSource): string {
  return `${name} wins over the stack's secret config, which is not used`;
}

/**
 * The same variables and, if the names in the source are not known here, those that the contract requires. Without
 * them, each use of one in the compose file would be a problem.
 */
export function withRequired(read: StackVariables): StackVariables {
  const { source, contract } = read;
  if (source.names === "known") return read;
  const there = new Set(allVariables(read).map(({ name }) => name));
  const named = Object.entries(read.files.contents).flatMap(([path, names]) =>
    Object.values(names).map((name) => ({ name, value: undefined, place: `env.files.${path}` })),
  );
  const required = [...(contract?.variables.values() ?? [])].flatMap(({ name, owner, optional, place }) =>
    owner === "source" && optional !== true && !there.has(name) ? [{ name, value: undefined, place }] : [],
  );
  const assumed = [...required, ...named.filter(({ name }) => !there.has(name) && isOfStack(name))];
  const byName = new Map(assumed.map((variable) => [variable.name, variable]));
  return { ...read, source: { ...source, variables: [...source.variables, ...byName.values()] } };
}

/** Everything that sets variables. */
type SetVariables = Pick<StackVariables, "configured" | "own" | "defaults" | "files"> & {
  readonly source: Pick<EnvSource, "variables">;
};

/** Every variable of the stack and of encrypted env files of their own, sorted by name. */
export function allVariables({
  configured,
  source,
  own,
  defaults,
  files,
}: SetVariables): Pick<FoundVariable, "name" | "value">[] {
  const all = new Map(defaults.variables.map(({ name, value }): [string, string | undefined] => [name, value]));
  for (const [name, value] of Object.entries(configured)) all.set(name, value);
  for (const { name, value } of [...source.variables, ...files.variables]) all.set(name, value);
  for (const [name, value] of Object.entries(own)) all.set(name, value);
  return Array.from(all, ([name, value]) => ({ name, value })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Every variable of the env file whose value is known. */
export function knownVariables(variables: StackVariables): EnvVariable[] {
  return allVariables(variables).flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
}

/**
 * Names of variables whose values must not appear in a rendered file: those of the source that neither the stack's file
 * nor slipway sets.
 */
export function secretNames({ source, configured, own, defaults }: SetVariables): string[] {
  const names = source.variables.map(({ name }) => name);
  const ofSource = names.filter((name) => configured[name] === undefined && own[name] === undefined);
  return [...ofSource, ...defaults.secret];
}

/** The variables that are no secrets, by name. */
export function plainVariables(variables: SetVariables): Record<string, string> {
  const { configured, own, defaults } = variables;
  const secret = new Set(defaults.secret);
  const ofGit = defaults.variables.flatMap(({ name, value }): [string, string][] =>
    secret.has(name) || value === undefined ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(ofGit), ...configured, ...own };
}

/**
 * A keyed hash of name and value, cut to sixteen digits: enough to detect a change, useless for guessing the value
 * without the key.
 */
export function fingerprintOf(key: string, { name, value }: EnvVariable): VariableFingerprint {
  return createHmac("sha256", key).update(`${name}\0${value}`).digest("hex").slice(0, 16);
}

/** The fingerprint where the key or the value is not known. */
const unknownFingerprint = "unknown";

/** The fingerprint of every variable of the env file, by name. */
export function fingerprintsOf(
  key: string | undefined,
  variables: StackVariables,
): Record<string, VariableFingerprint> {
  return Object.fromEntries(
    allVariables(variables).map(({ name, value }) => [
      name,
      key === undefined || value === undefined ? unknownFingerprint : fingerprintOf(key, { name, value }),
    ]),
  );
}
