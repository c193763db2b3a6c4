import { guess, nearest } from "../../model/guess.ts";
import { valueTypes, type ValueType } from "./value-type.ts";

/** The rules for a value, from the comments above its variable. */
export interface Rules {
  readonly type?: ValueType;
  /** Several values, separated by commas; the other rules apply to each. */
  readonly list?: boolean;
  readonly least?: number;
  readonly oneOf?: readonly string[];
  readonly pattern?: string;
  /** The exact value, with `${NAME}` for other variables. */
  readonly same?: string;
  /** The variable that holds the domain. The value, or the host of its URL, is that domain or one label below it. */
  readonly within?: string;
  readonly optional?: boolean;
  readonly secret?: boolean;
  /** The services that alone may get it. */
  readonly only?: readonly string[];
}

/** The rules of one clause, or its fault. Free text has no rules and is not a fault. */
type ReadClause = { readonly rules: Rules } | { readonly fault: { readonly what: string; readonly todo: string } };

const words = [...valueTypes, "list of", "min", "one of", "matches", "is", "within", "optional", "secret"];

/** Reads one clause of a comment. An explanation may follow a type, after a comma. */
export function readClause(clause: string): ReadClause {
  const text = clause.trim();
  const plain = flag(text) ?? typed(text) ?? listed(text) ?? given(text);
  if (plain !== undefined) return { rules: plain };
  const [, word, rest = ""] = /^(min|one of|matches|is|within)(?:\s+(.*))?$/s.exec(text) ?? [];
  if (word !== undefined) return withArgument(word, rest.trim());
  if (/^only:? *\[/.test(text)) return refused(text, "write it like `only: [migrate, api]`");
  if (/^list of\b/.test(text)) return refused(text, `write one of ${valueTypes.join(", ")} behind 'list of'`);
  const [first = ""] = text.split(/[\s,]/);
  const misspelt = /^[a-z]+$/.test(text) && text.length > 3 && nearest(first, words) !== undefined;
  if (!misspelt) return { rules: {} };
  return refused(text, `${guess(first, words)}; write more than one word if it is not a rule`);
}

function flag(text: string): Rules | undefined {
  if (text === "optional") return { optional: true };
  return text === "secret" ? { secret: true } : undefined;
}

function typed(text: string): Rules | undefined {
  const type = valueTypes.find((name) => text === name || text.startsWith(`${name},`));
  return type === undefined ? undefined : { type };
}

/** With brackets, since many comments begin with the word. */
function given(text: string): Rules | undefined {
  const [, names] = /^only: *\[ *([A-Za-z0-9._-]+(?: *, *[A-Za-z0-9._-]+)*) *\]$/.exec(text) ?? [];
  return names === undefined ? undefined : { only: names.split(/ *, */) };
}

function listed(text: string): Rules | undefined {
  const type = valueTypes.find((name) => text === `list of ${name}` || text.startsWith(`list of ${name},`));
  return type === undefined ? undefined : { type, list: true };
}

function withArgument(word: string, rest: string): ReadClause {
  if (word === "min")
    return /^\d+$/.test(rest)
      ? { rules: { least: Number(rest) } }
      : refused(`min ${rest}`, "write a number behind 'min'");
  if (word === "one of")
    return rest === ""
      ? refused(word, "write the values behind it, with spaces between them")
      : { rules: { oneOf: rest.split(/[\s,|]+/) } };
  if (word === "matches")
    return compiles(rest)
      ? { rules: { pattern: rest } }
      : refused(`matches ${rest}`, "write a regular expression behind 'matches'");
  if (word === "within" && /^[A-Za-z_]\w*$/.test(rest)) return { rules: { within: rest } };
  if (word === "is" && rest.includes("${")) return { rules: { same: rest } };
  // Free text, such as "is the key of …".
  return { rules: {} };
}

function compiles(pattern: string): boolean {
  try {
    return pattern !== "" && new RegExp(pattern, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

function refused(got: string, todo: string): ReadClause {
  return { fault: { what: `is not a rule, got '${got.trim()}'`, todo } };
}
