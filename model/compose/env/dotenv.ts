import { fillTemplate, mentionsOf, parseTemplate, type Lookup } from "../template.ts";

/** What an env file says. */
interface ReadDotenv {
  /** In their order. */
  readonly variables: ReadonlyMap<string, string>;
  /** Names that values need and nothing sets; they are empty there. */
  readonly unset: ReadonlySet<string>;
}

/** An env file as Compose reads it, or the number of the line that is none. */
export type Dotenv = ReadDotenv | { readonly line: number };

/** The beginning of a statement: a name, and the sign behind it unless the name stands alone. */
const statement = /^(?:export[ \t]+)?([\p{L}\p{N}_.\-[\]]+)[ \t]*(?:([=:])[ \t]*|(?=\r?\n|$))/u;

/** A value up to its end, with three ways to quote. What follows it on its line is a comment. */
const doubleQuoted = /^"((?:[^"\\]|\\[^])*)"[ \t]*(?:#.*)?(?=\r?\n|$)/;
const singleQuoted = /^'((?:[^'\\]|\\[^])*)'[ \t]*(?:#.*)?(?=\r?\n|$)/;
const plain = /^[^\r\n]*/;

/** Parses an env file as Compose does. `known` variables come before those of the file. */
export function parseDotenv(text: string, known: Lookup): Dotenv {
  const variables = new Map<string, string>();
  const unset = new Set<string>();
  const lookup: Lookup = (name) => known(name) ?? variables.get(name);
  let rest = withoutBlank(text.replace(/^\ufeff/, ""));
  while (rest !== "") {
    const [all, name, sign] = statement.exec(rest) ?? [];
    const found =
      all === undefined
        ? undefined
        : sign === undefined
          ? passed(name, lookup)
          : valueAt(rest.slice(all.length), { lookup, unset });
    if (all === undefined || name === undefined || found === undefined) return { line: lineOf(text, rest) };
    if (found.value !== undefined) variables.set(name, found.value);
    rest = withoutBlank(rest.slice(all.length + found.length));
  }
  return { variables, unset };
}

interface Value {
  readonly value: string | undefined;
  /** How much of the text it takes. */
  readonly length: number;
}

/** A name alone passes on the variable of that name. */
function passed(name: string | undefined, lookup: Lookup): Value {
  return { value: lookup(name ?? ""), length: 0 };
}

/** What a value may use, and where the names that it lacks are collected. */
interface Filling {
  readonly lookup: Lookup;
  readonly unset: Set<string>;
}

function valueAt(text: string, filling: Filling): Value | undefined {
  if (text.startsWith("'")) {
    const [all, inside] = singleQuoted.exec(text) ?? [];
    return all === undefined ? undefined : { value: inside?.replaceAll("\\'", "'"), length: all.length };
  }
  if (text.startsWith('"')) {
    const [all, inside = ""] = doubleQuoted.exec(text) ?? [];
    const value = interpolate(expandEscapes(inside), filling);
    return all === undefined || value === undefined ? undefined : { value, length: all.length };
  }
  const [line = ""] = plain.exec(text) ?? [];
  const value = interpolate(line.replace(/(?:^|[ \t])#.*$/u, "").trimEnd(), filling);
  return value === undefined ? undefined : { value, length: line.length };
}

/** Skips blank lines and comments before a statement. */
function withoutBlank(text: string): string {
  return text.replace(/^(?:\s+|#[^\n]*)*/u, "");
}

function lineOf(text: string, rest: string): number {
  return text.slice(0, text.length - rest.length).split("\n").length;
}

const escaped: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  a: "\x07",
  b: "\b",
  c: "",
  f: "\f",
  '"': '"',
  "\\": "\\",
  // The interpolation turns two dollar signs into one.
  $: "$$",
};

function expandEscapes(text: string): string {
  return text.replace(/\\(0\d{0,3}|[^])/g, (all: string, code: string) =>
    code.startsWith("0") ? String.fromCharCode(parseInt(code, 8)) : (escaped[code] ?? all),
  );
}

/** Fills in variables; one that is not set is empty. Undefined if a `${` begins no variable. */
function interpolate(text: string, { lookup, unset }: Filling): string | undefined {
  const template = parseTemplate(text);
  if (template === undefined) return undefined;
  const empty = new Set(mentionsOf(template).flatMap(({ name, needed }) => (needed ? [name] : [])));
  for (const name of empty) if (lookup(name) === undefined) unset.add(name);
  const filled = fillTemplate(template, (name) => lookup(name) ?? (empty.has(name) ? "" : undefined));
  return "text" in filled ? filled.text : undefined;
}
