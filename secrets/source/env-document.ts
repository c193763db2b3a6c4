import { isMap } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import type { FoundVariable } from "./found-variable.ts";

/** The variables of a plain document, and all its problems. */
export interface ReadEnvDocument {
  readonly variables: readonly (FoundVariable & { readonly value: string })[];
  readonly problems: readonly Problem[];
}

/**
 * Reads an env document as people and programs write it: `NAME=value`, with or without `export` and quotes, and
 * comments; or a JSON object of texts. Nothing is expanded: a `$` is a `$`. Values never appear in a message.
 */
export function readEnvDocument(path: string, bytes: Uint8Array): ReadEnvDocument {
  const text = decode(bytes);
  if (text === undefined) return { variables: [], problems: [notText(path)] };
  return text.trimStart().startsWith("{") ? readEnvJson(path, text) : readStatements(path, text);
}

/** Reads a JSON object whose fields are texts, numbers or booleans; nothing may be nested. */
export function readEnvJson(path: string, text: string): ReadEnvDocument {
  const fields = parseMap(text);
  if (fields === undefined) {
    return { variables: [], problems: [{ path, what: "is not a JSON object", todo: "print one object of texts" }] };
  }
  const problems: Problem[] = [];
  const variables = fields.flatMap(([name, value]) => {
    const place = `${path}: ${name}`;
    const unnamed = nameProblems(place, name);
    problems.push(...unnamed);
    if (unnamed.length > 0) return [];
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      return [{ name, value: String(value), place }];
    problems.push({
      path: place,
      what: "is not a text",
      todo: "write it as a text, or as several variables",
    });
    return [];
  });
  return { variables, problems };
}

function parseMap(text: string): [string, unknown][] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? Object.entries(value) : undefined;
  } catch {
    return undefined;
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function notText(path: string): Problem {
  return { path, what: "is not UTF-8 text", todo: "write it as UTF-8, and encode bytes as base64" };
}

function nameProblems(path: string, name: string): Problem[] {
  if (/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) return [];
  // In a damaged line a value may be in the place of the name.
  const shown = name.length <= 20 ? name : `${name.slice(0, 8)}…`;
  const what = `has an invalid variable name, got ${JSON.stringify(shown)}`;
  return [{ path, what, todo: "use letters, digits and `_`, and begin with a letter or `_`" }];
}

function readStatements(path: string, text: string): ReadEnvDocument {
  const variables: (FoundVariable & { readonly value: string })[] = [];
  const problems: Problem[] = [];
  let rest = text;
  let line = 1;
  while (rest !== "") {
    const place = `${path}:${line}`;
    const read = readStatement(rest);
    line += (rest.slice(0, read.length).match(/\n/g) ?? []).length;
    rest = rest.slice(read.length);
    if ("what" in read) problems.push({ path: place, what: read.what, todo: read.todo });
    if (!("name" in read)) continue;
    const unnamed = nameProblems(place, read.name);
    problems.push(...unnamed);
    if (unnamed.length > 0) continue;
    const earlier = variables.find(({ name }) => name === read.name);
    if (earlier === undefined) variables.push({ name: read.name, value: read.value, place });
    else
      problems.push({
        path: place,
        what: `${read.name} is already defined at ${earlier.place}`,
        todo: "keep one of them",
      });
  }
  return { variables, problems };
}

type Statement =
  | { readonly length: number }
  | { readonly length: number; readonly name: string; readonly value: string }
  | { readonly length: number; readonly what: string; readonly todo: string };

function readStatement(text: string): Statement {
  const [whole = ""] = /^[^\n]*\n?/.exec(text) ?? [];
  if (/^\s*(#|$)/.test(whole)) return { length: whole.length };
  if (/^(<{7}|={7}|>{7}|\|{7})[ \r\n]/.test(whole)) {
    return {
      length: whole.length,
      what: "is a conflict marker of git",
      todo: "resolve the conflict",
    };
  }
  const [start, name] = /^[ \t]*(?:export[ \t]+)?([^\n=]*?)[ \t]*=[ \t]*/.exec(whole) ?? [];
  if (start === undefined || name === undefined || looksPacked(whole)) {
    return { length: whole.length, what: "is neither `NAME=value` nor a comment", todo: "correct or remove the line" };
  }
  const value = readValue(text.slice(start.length));
  if (value === undefined) {
    return {
      length: whole.length,
      what: `${shortName(name)} has an opening quote and no closing one`,
      todo: "close it, and write only a comment after it",
    };
  }
  return { length: start.length + value.length, name, value: value.text };
}

/** Tells whether a line is a value without its name: base64 ends with `=`, so the value would be shown as the name. */
function looksPacked(line: string): boolean {
  return /^\s*(?:[\w+/-]+==|(?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d)[A-Za-z0-9+/]{15,}=)\s*$/.test(line);
}

function shortName(name: string): string {
  return name.length <= 40 ? name : "a variable";
}

interface Value {
  readonly text: string;
  readonly length: number;
}

const escaped: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function readValue(text: string): Value | undefined {
  const quoted = /^(?:"((?:[^"\\]|\\[^])*)"|'((?:[^'\\]|\\[^])*)')[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/.exec(text);
  if (quoted !== null) {
    const [whole, double, single = ""] = quoted;
    const value = double?.replace(
      /\\([^])/g,
      (all: string, code: string) => escaped[code] ?? (/["\\$]/.test(code) ? code : all),
    );
    return { text: value ?? single.replaceAll("\\'", "'"), length: whole.length };
  }
  if (/^["']/.test(text)) return undefined;
  const [whole = "", line = ""] = /^([^\n]*)\n?/.exec(text) ?? [];
  return { text: line.replace(/(?:^|[ \t])#.*$/, "").trim(), length: whole.length };
}
