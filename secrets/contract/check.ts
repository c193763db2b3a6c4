import { guess, nearest } from "../../model/guess.ts";
import type { Problem } from "../../model/problem.ts";
import { rulesOf, type Contract, type ContractVariable } from "./contract.ts";
import type { Rules } from "./clause.ts";
import type { EnvSource } from "../source/env-source.ts";
import { isPlaceholder, subjectOf, type FoundVariable, type Known } from "../source/found-variable.ts";
import { measure, typeFault, type ValueFault } from "./value-type.ts";

/** The contract, and everything that sets variables. */
export interface CheckInput {
  readonly contract: Contract;
  /** Set in the stack's file, in plain text. */
  readonly plain: readonly FoundVariable[];
  readonly source: Pick<EnvSource, "name" | "variables" | "empty" | "names" | "add" | "absent" | "hint">;
  /** Set by slipway. Names are "not known here" if the stack could be read only in part. */
  readonly own: { readonly names: Known; readonly values: Readonly<Record<string, string>> };
}

/** Every way in which the variables break the contract (A3). Values never appear in a message. */
export function contractProblems(input: CheckInput): Problem[] {
  const { plain, source } = input;
  const found = [...plain, ...source.variables];
  return [
    ...missing(input, found),
    ...unknown(input, found),
    ...wrong(input, found),
    ...contradicting(input, found),
    ...secretsInPlain(input),
  ];
}

type Found = readonly FoundVariable[];

function missing({ contract, source, own }: CheckInput, found: Found): Problem[] {
  const there = new Set([...found.map(({ name }) => name), ...Object.keys(own.values)]);
  return [...contract.variables.values()].flatMap((declared) => {
    const { name, owner, optional } = declared;
    if (owner === "pipeline" || optional === true || there.has(name)) return [];
    if (owner === "source") return missingInSource(declared, source);
    return contract.names === "known" && own.names === "known" ? [unwritten(declared)] : [];
  });
}

function missingInSource({ name, place }: ContractVariable, source: CheckInput["source"]): Problem[] {
  if (source.names === "not known here") return [];
  const empty = source.empty.find((variable) => variable.name === name);
  const cause = source.absent === undefined ? "" : `; ${source.absent}`;
  const todo = `${source.add(name)}, or write \`optional\` above it in the list${cause}`;
  if (empty === undefined) return [{ path: place, what: `${name} is missing in ${source.name}`, todo }];
  return [{ path: empty.place, what: `${subjectOf(empty)}is empty, and ${place} requires it`, todo }];
}

function unwritten({ name, place }: ContractVariable): Problem {
  const what = `${name} is set by slipway, and the stack has no value for it`;
  return {
    path: place,
    what,
    todo: "set the stack's domain, directory or the port whose variable it is, or mark it optional",
  };
}

function unknown({ contract, source, own }: CheckInput, found: Found): Problem[] {
  const names = [...contract.variables.keys()];
  return [...found, ...source.empty].flatMap((variable) => {
    const { name, place } = variable;
    const subject = subjectOf(variable);
    if (own.values[name] !== undefined) return [];
    const declared = contract.variables.get(name);
    if (declared?.owner === "pipeline") {
      const what = `${subject}belongs to the pipeline by ${declared.place}, and containers would get it`;
      return [{ path: place, what, todo: "keep it in the CI's variables alone" }];
    }
    const allKnown = contract.names === "known" && own.names === "known";
    if (!allKnown || rulesOf(contract, name) !== undefined) return [];
    const declare = `declare it in ${contract.file}, remove it, or name another list in env.contract`;
    const todo = nearest(name, names) === undefined ? declare : `${guess(name, names)}; otherwise ${declare}`;
    return [{ path: place, what: `${subject}is not declared in ${contract.file}`, todo }];
  });
}

function wrong({ contract, source: { hint }, own }: CheckInput, found: Found): Problem[] {
  return found.flatMap((variable) => {
    const { name, value, place } = variable;
    const rules = rulesOf(contract, name);
    if (rules === undefined || value === undefined || own.values[name] !== undefined) return [];
    const fault = faultOf(rules, value, contract.variables.get(name)?.example);
    if (fault === undefined) return [];
    const todo = hint === undefined || rules.secret !== true ? fault.todo : `${fault.todo}; ${hint}`;
    return [{ path: place, what: `${subjectOf(variable)}${fault.what} (${rules.place})`, todo }];
  });
}

function faultOf(rules: Rules, value: string, example: string | undefined): ValueFault | undefined {
  if (value === "" && rules.optional === true) return undefined;
  if (value === "") return { what: "is empty", todo: "set the real value, or write `optional` above it" };
  if (isPlaceholder(value)) return { what: "is a placeholder", todo: "set the real value" };
  if (rules.secret === true && value === example)
    return { what: "is the value of the example, which everybody can read", todo: "make another one" };
  const values = rules.list === true ? value.split(",").map((part) => part.trim()) : [value];
  return values.map((part) => partFault(rules, part)).find((fault) => fault !== undefined);
}

function partFault(rules: Rules, value: string): ValueFault | undefined {
  const { type, least, oneOf, pattern, secret, list } = rules;
  const typed = type === undefined ? undefined : typeFault(type, value);
  if (typed !== undefined) return list === true ? { ...typed, what: `has a part that ${typed.what}` } : typed;
  if (value.trim() === "") return { what: "is only white space", todo: "set the real value" };
  if (secret === true && value !== value.trim() && !value.trim().includes("\n"))
    return { what: "begins or ends with white space, perhaps from a paste", todo: "remove the white space" };
  if (oneOf !== undefined && !oneOf.includes(value))
    return { what: "is not an allowed value", todo: `use ${oneOf.join(" or ")}` };
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, "u").test(value))
    return { what: "does not match its pattern", todo: `write a value that matches ${pattern}` };
  const { size, unit } = measure(type, value);
  if (least === undefined || size >= least) return undefined;
  const got = secret === true && unit === "" ? "" : `, got ${size}`; // without a unit the size is the value itself
  return {
    what: `is less than ${least}${unit}${got}`,
    todo: unit === "" ? "use a larger number" : "make a longer one",
  };
}

/** Checks the rules between variables, such as A8: all addresses of an environment are in its domain. */
function contradicting({ contract, own }: CheckInput, found: Found): Problem[] {
  const values = new Map([
    ...found.map(({ name, value }): [string, string | undefined] => [name, value]),
    ...Object.entries(own.values),
  ]);
  return found.flatMap((variable) => {
    const { name, value, place } = variable;
    const rules = rulesOf(contract, name);
    if (rules === undefined || value === undefined) return [];
    const fault = sameFault(rules, value, values) ?? withinFault(rules, value, values);
    return fault === undefined
      ? []
      : [{ path: place, what: `${subjectOf(variable)}${fault.what} (${rules.place})`, todo: fault.todo }];
  });
}

type Values = ReadonlyMap<string, string | undefined>;

function sameFault({ same }: Rules, value: string, values: Values): ValueFault | undefined {
  if (same === undefined) return undefined;
  const names = [...same.matchAll(/\$\{(\w+)\}/g)].map(([, name = ""]) => name);
  // A variable that is missing is a problem of its own.
  if (names.some((name) => (values.get(name) ?? "") === "")) return undefined;
  const wanted = same.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values.get(name) ?? "");
  return value === wanted
    ? undefined
    : { what: `does not fit ${names.join(" and ")}: it is not ${same}`, todo: "correct one of them" };
}

function withinFault({ within, list }: Rules, value: string, values: Values): ValueFault | undefined {
  const domain = within === undefined ? undefined : values.get(within);
  if (within === undefined || domain === undefined || domain === "") return undefined;
  const hosts = (list === true ? value.split(",") : [value]).map((part) => hostOf(part.trim()));
  if (hosts.every((host) => host === domain || isBelow(host, domain))) return undefined;
  return {
    what: `does not fit ${within}: its host is neither that domain nor one label below it`,
    todo: "correct one of them",
  };
}

/**
 * Tells whether a host is one label below a domain: `app.staging.example.com` belongs to staging's domain, not to
 * `example.com`.
 */
function isBelow(host: string, domain: string): boolean {
  return host.endsWith(`.${domain}`) && !host.slice(0, -domain.length - 1).includes(".");
}

function hostOf(value: string): string {
  return URL.canParse(value) && value.includes("://") ? new URL(value).hostname : value;
}

/** Refuses secrets, by the contract, in the stack's file, which is tracked. */
function secretsInPlain({ contract, plain }: CheckInput): Problem[] {
  return plain.flatMap(({ name, value, place }) => {
    const declared = contract.variables.get(name);
    if (declared?.secret !== true || value === "") return [];
    const what = `is secret by ${declared.place}, and the stack's file has it in plain text`;
    return [{ path: place, what, todo: "remove it, make a new value, and store that with the secrets" }];
  });
}
