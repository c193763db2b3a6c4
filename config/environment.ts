import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../model/problem.ts";
import { readContract, type Contract } from "../secrets/contract/contract.ts";
import { contractProblems } from "../secrets/contract/check.ts";
import type { EnvRequest, EnvSource } from "../secrets/source/env-source.ts";
import type { FoundVariable } from "../secrets/source/found-variable.ts";
import { ciSource, readSource } from "../secrets/source/read.ts";
import type { StackSource } from "./assemble.ts";
import type { ReadDraft } from "./draft.ts";
import { ownVariables, variableProblems } from "./env-variables.ts";
import { environmentSchema } from "./schema.ts";

/** The variables of one environment, from all that says some. */
export interface ReadEnvironment {
  readonly source: EnvSource;
  /** What the stack says itself, in plain text. */
  readonly variables: Readonly<Record<string, string>>;
  /** What slipway writes. */
  readonly own: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads the variables of a stack from their source and holds them against the contract (A3). */
export async function readEnvironment(
  stack: StackSource,
  { draft, problems: ofStack }: Pick<ReadDraft, "draft" | "problems">,
): Promise<ReadEnvironment> {
  const { env = environmentSchema.shape.env.parse(undefined), variables = {}, secrets = {} } = draft;
  const { contract, problems, notes } = contractOf(stack.root, env.contract);
  const hidden = (stack.offline?.unknown ?? []).flatMap((path) => /^secrets\.(.+)$/.exec(path)?.[1] ?? []);
  const request: EnvRequest = {
    root: stack.root,
    environment: draft.environment ?? stack.stack,
    settings: env,
    secrets: { ...secrets, ...Object.fromEntries(hidden.map((name) => [name, undefined])) },
    sealed: stack.offline?.unknown.includes("secrets") === true,
    contract,
    process: stack.environment,
    offline: stack.offline !== undefined,
  };
  const read = stack.offline?.onlyCi === true ? ciSource(request) : await readSource(request);
  const assume = stack.offline?.assume === true || read.problems.length > 0;
  const source = assume ? withAssumed(read, contract, variables) : read;
  const own = ownVariables(draft, stack.stack);
  const partial = problems.length > 0 || ofStack.length > 0;
  const all = [...problems, ...source.problems, ...variableProblems(variables, source, own)];
  const checked = contract === undefined ? [] : checkContract({ contract, source, variables, own, partial });
  const unused = source.kind !== "config" && Object.keys(secrets).length > 0 ? [unusedSecrets(source)] : [];
  return { source, variables, own, notes: [...notes, ...unused, ...source.notes], problems: [...all, ...checked] };
}

/** Where a source cannot be asked here, or failed, what the contract requires of it is taken to be there. */
function withAssumed(
  source: EnvSource,
  contract: Contract | undefined,
  variables: Readonly<Record<string, string>>,
): EnvSource {
  const failed = source.problems.length > 0;
  if (source.kind !== "ci" && !failed && !(source.closed && source.variables.length === 0)) return source;
  const there = new Set([...Object.keys(variables), ...source.variables.map(({ name }) => name)]);
  const required = [...(contract?.variables.values() ?? [])].filter(
    ({ name, owner, optional }) => owner === "source" && optional !== true && !there.has(name),
  );
  if (required.length === 0) return source;
  const assumed = required.map(({ name, place }) => ({ name, value: undefined, place }));
  return { ...source, variables: [...source.variables, ...assumed], empty: [], closed: true };
}

interface Checked {
  readonly contract: Contract;
  readonly source: EnvSource;
  readonly variables: Readonly<Record<string, string>>;
  readonly own: Readonly<Record<string, string>>;
  readonly partial: boolean;
}

/** In a source that nobody could open here every variable would be missing; of one that failed they are taken to be there. */
function checkContract({ contract, source, variables, own, partial }: Checked): Problem[] {
  const plain = Object.entries(variables).map(([name, value]) => ({ name, value, place: `variables.${name}` }));
  const found: FoundVariable[] = [...plain, ...source.variables];
  const { name, add, empty, hint } = source;
  const input = {
    contract,
    found,
    empty,
    own,
    partial,
    blind: source.closed && (source.kind === "ci" || source.variables.length === 0),
    source: { name, add },
    ...(hint === undefined ? {} : { hint }),
  };
  return [...contractProblems(input), ...plain.flatMap((variable) => secretInPlain(contract, variable))];
}

/** What the contract calls secret does not stand in a tracked file. */
function secretInPlain(contract: Contract, { name, value, place }: FoundVariable): Problem[] {
  const declared = contract.variables.get(name);
  if (declared?.secret !== true || value === "") return [];
  const what = `is secret by ${declared.place}, and stands in the stack's file in plain text`;
  return [{ path: place, what, todo: "remove it, make a new value, and put that where the secrets are" }];
}

function unusedSecrets({ name }: EnvSource): string {
  return `${name} wins over the stack's secret config, which is not used`;
}

interface FoundContract {
  readonly contract: Contract | undefined;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/** Where the list of variables is, unless the stack says otherwise. */
const defaultContract = ".env.example";

/** The list of variables that a stack names, or the usual one; none where that is not there. */
export function contractOf(root: string, given: string | undefined): FoundContract {
  const file = given ?? defaultContract;
  const path = join(root, file);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) {
    return { ...readContract(file, readFileSync(path)), notes: [] };
  }
  if (given === undefined)
    return { contract: undefined, problems: [], notes: [`there is no ${file}: variables are not checked`] };
  const what = `names a file that is not there, got '${given}'`;
  return { contract: undefined, problems: [{ path: "env.contract", what, todo: "correct the path" }], notes: [] };
}
