import type { Problem } from "../../model/problem.ts";
import { readClause, type Rules } from "./clause.ts";
import { readEnvDocument } from "../source/env-document.ts";
import type { Known } from "../source/found-variable.ts";

/** The origin of a variable's value: the stack's source, slipway itself, or the pipeline for its own use alone. */
type Owner = "source" | "slipway" | "pipeline";

/** One variable of the application. */
export interface ContractVariable extends Rules {
  readonly name: string;
  readonly owner: Owner;
  /** `file:line` of its declaration. */
  readonly place: string;
  /** The value that developers use. */
  readonly example: string;
}

/** Names that need no declaration of their own. */
interface ContractPrefix extends Rules {
  readonly prefix: string;
  readonly place: string;
}

/** The list of all variables of an application, in one place: `.env.example` (A3). */
export interface Contract {
  readonly file: string;
  readonly variables: ReadonlyMap<string, ContractVariable>;
  readonly prefixes: readonly ContractPrefix[];
  /** "known" if every line could be read: a faulty line may declare a variable. */
  readonly names: Known;
}

interface ReadContract {
  readonly contract: Contract;
  readonly problems: readonly Problem[];
}

interface Section {
  readonly owner: Owner;
  readonly rules: Rules;
}

/** Reads a contract. Comments above a variable are its rules; a line `# --- … ---` begins a section. */
export function readContract(file: string, bytes: Uint8Array): ReadContract {
  const { variables: found, problems } = readEnvDocument(file, bytes);
  const reader = new Reader(file);
  const byLine = new Map(found.map((variable) => [Number(variable.place.split(":").at(-1)), variable]));
  for (const [index, line] of new TextDecoder().decode(bytes).split(/\r?\n/).entries()) {
    reader.read(line, index + 1, byLine.get(index + 1));
  }
  const { variables, prefixes } = reader;
  const all = [...problems, ...reader.problems];
  return {
    contract: { file, variables, prefixes, names: all.length === 0 ? "known" : "not known here" },
    problems: all,
  };
}

class Reader {
  readonly problems: Problem[] = [];
  readonly variables = new Map<string, ContractVariable>();
  readonly prefixes: ContractPrefix[] = [];
  readonly #file: string;
  #section: Section = { owner: "source", rules: {} };
  #rules: Rules = {};

  constructor(file: string) {
    this.#file = file;
  }

  /** Reads the next line, with its variable if it has one. */
  read(line: string, number: number, variable: { readonly name: string; readonly value: string } | undefined): void {
    const place = `${this.#file}:${number}`;
    const header = /^#\s*-{3,}\s*(.*?)\s*-{3,}\s*$/.exec(line)?.[1];
    if (variable !== undefined) {
      const { name, value: example } = variable;
      const rules = { ...this.#section.rules, ...this.#rules };
      this.variables.set(name, { ...rules, name, owner: this.#section.owner, place, example });
      this.#rules = {};
    } else if (header !== undefined) {
      this.#section = this.#readSection(header, place);
      this.#rules = {};
    } else if (line.startsWith("#")) this.#rules = { ...this.#rules, ...this.#clauses(line.slice(1), place) };
    else this.#rules = {};
  }

  #readSection(header: string, place: string): Section {
    const [head = "", ...clauses] = header.split(/;\s/);
    const rules = clauses.reduce<Rules>((all, clause) => ({ ...all, ...this.#clauses(clause, place) }), {});
    const [, kind, prefix] = /^(slipway|pipeline|prefix ([A-Za-z_][A-Za-z0-9_]*)\*)(?::|$)/.exec(head) ?? [];
    if (prefix !== undefined) this.prefixes.push({ ...rules, prefix, place });
    else if (/^prefix\b/.test(head)) {
      const todo = "write it like 'prefix R2_*: object storage'";
      this.problems.push({ path: place, what: `is not a prefix, got '${head}'`, todo });
    }
    return { owner: kind === "slipway" || kind === "pipeline" ? kind : "source", rules };
  }

  #clauses(text: string, place: string): Rules {
    return text.split(/;(?:\s|$)/).reduce<Rules>((all, clause) => {
      const read = readClause(clause);
      if ("rules" in read) return { ...all, ...read.rules };
      this.problems.push({ path: place, ...read.fault });
      return all;
    }, {});
  }
}

/** What every variable of a list has. */
const unruled: readonly string[] = ["name", "owner", "place", "example"];

/** Tells a contract from an example: a list of variables without any rule only shows developers what they may set. */
export function hasRules({ variables, prefixes }: Pick<Contract, "variables" | "prefixes">): boolean {
  const isRuled = (variable: ContractVariable): boolean =>
    variable.owner !== "source" || Object.keys(variable).some((key) => !unruled.includes(key));
  return prefixes.length > 0 || [...variables.values()].some(isRuled);
}

/** The rules for a name: those of its own declaration, or those of its prefix. */
export function rulesOf(contract: Contract, name: string): (Rules & { readonly place: string }) | undefined {
  return contract.variables.get(name) ?? contract.prefixes.find(({ prefix }) => name.startsWith(prefix));
}
