import { createHmac } from "node:crypto";
import type { VariableFingerprint } from "../../model/stack/deployment.ts";
import { shortestMasked } from "../../model/shortest-masked.ts";
import type { EnvVariable } from "../../model/stack/env-file.ts";
import type { Problem } from "../../model/problem.ts";
import type { Contract } from "../../secrets/contract/contract.ts";
import { contractProblems } from "../../secrets/contract/check.ts";
import { findContract } from "../../secrets/contract/file.ts";
import type { EnvRequest, EnvSource } from "../../secrets/source/env-source.ts";
import type { FoundVariable } from "../../secrets/source/found-variable.ts";
import { readSource } from "../../secrets/source/read.ts";
import type { Draft, ReadDraft } from "../draft.ts";
import type { StackSource } from "../source.ts";
import { variableProblems } from "./variable-problems.ts";

/** The variables of one environment, by their origin. */
export interface StackVariables {
  /** The source of the secret variables. */
  readonly source: EnvSource;
  /** Set in the stack's file, in plain text. */
  readonly configured: Readonly<Record<string, string>>;
  /** Set by slipway. */
  readonly own: Readonly<Record<string, string>>;
  readonly contract: Contract | undefined;
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
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
  const source = await readSource({
    root: stack.root,
    environment,
    settings: env,
    secrets: secretsOf(draft, stack.encrypted),
    contract,
    process: stack.environment,
    purpose: stack.purpose,
  });
  const own = ownVariables(draft, ofPorts ?? {});
  const plain = Object.entries(configured).map(([name, value]) => ({ name, value, place: `variables.${name}` }));
  // A faulty key of the stack may be one that sets a variable, and a compose file tells which of them are ports.
  const names = ofStack.length === 0 && ofPorts !== undefined ? "known" : "not known here";
  const broken =
    contract === undefined ? [] : contractProblems({ contract, plain, source, own: { names, values: own } });
  const problems = [...ofContract, ...source.problems, ...variableProblems(plain, source, { own, ofPorts }), ...broken];
  const unused = source.kind !== "config" && Object.keys(secrets).length > 0 ? [unusedSecrets(source)] : [];
  const all = [...notes, ...unused, ...source.notes, ...unmaskable({ source, configured, own })];
  return { source, configured, own, contract, notes: all, problems };
}

/** Names the secrets that are too short to be hidden: any text may hold so few characters by chance. */
function unmaskable(variables: Pick<StackVariables, "source" | "configured" | "own">): string[] {
  const secret = new Set(secretNames(variables));
  const short = variables.source.variables.filter(
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
  const { source, configured, contract } = read;
  if (source.names === "known") return read;
  const there = new Set([...Object.keys(configured), ...source.variables.map(({ name }) => name)]);
  const required = [...(contract?.variables.values() ?? [])].flatMap(({ name, owner, optional, place }) =>
    owner === "source" && optional !== true && !there.has(name) ? [{ name, value: undefined, place }] : [],
  );
  return { ...read, source: { ...source, variables: [...source.variables, ...required] } };
}

/** Every variable of the env file, sorted by name. */
export function allVariables({
  configured,
  source,
  own,
}: Pick<StackVariables, "configured" | "own"> & {
  readonly source: Pick<EnvSource, "variables">;
}): Pick<FoundVariable, "name" | "value">[] {
  const all = new Map<string, string | undefined>(Object.entries(configured));
  for (const { name, value } of source.variables) all.set(name, value);
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
export function secretNames({
  source,
  configured,
  own,
}: Pick<StackVariables, "source" | "configured" | "own">): string[] {
  const names = source.variables.map(({ name }) => name);
  return names.filter((name) => configured[name] === undefined && own[name] === undefined);
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
