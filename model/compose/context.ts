import type { ComposeFolder } from "./folder.ts";
import type { RestrictedVariables } from "./env/only.ts";
import type { ComposeSchema } from "./schema.ts";
import { fillTemplate, parseTemplate, type Lookup } from "./template.ts";
import type { Problem } from "../problem.ts";

/** The settings of the stack that decide how one service is read. */
export interface ServiceOptions {
  readonly release: boolean;
  /** Mount targets that are left out, and the words `develop` and `build.target`. */
  readonly drop: readonly string[];
  readonly hasData: boolean;
  /** The stack publishes a port of the service. */
  readonly published: boolean;
}

/** The most bytes of delivered files: they travel in documents, and previews compare them line by line. */
export interface FileLimits {
  /** Of one file. */
  readonly limit: number;
  /** Of all files together. */
  readonly total: number;
}

/** The input of the reader. */
export interface ReaderInput {
  readonly schema: ComposeSchema;
  /** The compose file's name in its folder. */
  readonly file: string;
  /** The compose files that are merged over it, in this order; their paths are from that folder, too. */
  readonly more: readonly string[];
  readonly folder: ComposeFolder;
  /** The path of that folder in messages: empty, or `deploy/`. */
  readonly prefix: string;
  /** By service, for those that the stack names. */
  readonly services: Readonly<Record<string, ServiceOptions>>;
  /** For all services that the stack does not name. */
  readonly unnamed: ServiceOptions;
  /** The profiles whose services are deployed; `*` stands for all. */
  readonly profiles: readonly string[];
  /** The stack's folder on the server; where it is not known, `PWD` is a variable like any other. */
  readonly directory: string | undefined;
  /** Variables whose values may appear in rendered files: slipway's own and those that are not secret. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of all other variables; only the server sees their values. */
  readonly secrets: readonly string[];
  /** The places of data folders on the server, by their path from the compose file. */
  readonly folders: Readonly<Record<string, string>>;
  readonly limits: FileLimits;
  /**
   * What slipway writes into the env files that the configuration names, by path from its folder: for each name a
   * variable.
   */
  readonly envFiles: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The variables that only some services may get. */
  readonly only: RestrictedVariables;
}

/** What the configuration has to say so that the compose files can be deployed. `slipway new` writes it. */
export type WantedSetting =
  /** A variable that has neither a value nor a default. */
  | { readonly kind: "variable"; readonly name: string }
  /** A folder that services mount and git does not have. */
  | { readonly kind: "folder"; readonly folder: string }
  /** A part of a release service that is for development: the target of a mount, `develop` or `build.target`. */
  | { readonly kind: "drop"; readonly service: string; readonly part: string }
  /** The size of a file that is mounted, or of all of them. */
  | { readonly kind: "limit" | "total"; readonly bytes: number };

/** The input of the reader together with the problems and notes that it has collected so far. */
export interface ReaderContext extends ReaderInput {
  readonly problems: Problem[];
  readonly notes: string[];
  /** The settings that the advice of the problems asks for. */
  readonly wanted: WantedSetting[];
  /** Names of the variables that were asked for so far. */
  readonly asked: Set<string>;
}

/** A context for reading, before anything was read. */
export function emptyContext(input: ReaderInput): ReaderContext {
  return { ...input, problems: [], notes: [], wanted: [], asked: new Set() };
}

/** The stack's settings for a service, or the defaults if the stack does not name it. */
export function optionsOf(context: ReaderContext, service: string): ServiceOptions {
  return context.services[service] ?? context.unnamed;
}

/** A field, as messages about it name it. */
export interface Field {
  readonly place: string;
  /** Such as `ports`, or `networks.data.driver`. */
  readonly name: string;
  /** The way out where its value is a secret, which would be seen. */
  readonly secretTodo?: string;
}

/** Fills in a field that slipway itself has to understand. Reports a problem and returns undefined if it cannot. */
export function resolveText(
  context: ReaderContext,
  text: string,
  { place, name, secretTodo = noSecretHere }: Field,
): string | undefined {
  const template = parseTemplate(text);
  if (template === undefined) {
    context.problems.push(brokenTemplate(place, name, text));
    return undefined;
  }
  const filled = fillTemplate(template, lookupIn(context));
  if (!("text" in filled)) {
    const todo = `set variables.${filled.name}, or write a default such as \${${filled.name}:-…}`;
    context.problems.push({ path: place, what: `${name} ${filled.reason}, got '${text}'`, todo });
    context.wanted.push({ kind: "variable", name: filled.name });
    return undefined;
  }
  if (!filled.text.includes(secretMark)) return filled.text;
  const what = `${name} uses a variable that is secret, got '${text}'`;
  context.problems.push({ path: place, what, todo: secretTodo });
  return undefined;
}

/** Fills in a text and reports nothing: undefined if it cannot be, or if only the server knows a value in it. */
export function knownText(context: ReaderContext, text: string): string | undefined {
  const template = parseTemplate(text);
  const filled = template && fillTemplate(template, lookupIn(context));
  if (filled === undefined || !("text" in filled) || filled.text.includes(secretMark)) return undefined;
  return filled.text;
}

function lookupIn({ secrets, variables, asked }: ReaderContext): Lookup {
  return (name) => {
    asked.add(name);
    return secrets.includes(name) ? secretMark : variables[name];
  };
}

const noSecretHere = "use a variable that is not secret; if this one is not, move it to `variables`";

/** Placeholder for a secret value. No compose file can contain it. */
export const secretMark = "\0";

/** The problem of a `${` that begins no variable. */
export function brokenTemplate(path: string, field: string, text: string): Problem {
  return {
    path,
    what: `${field} holds a '\${' that begins no variable, got '${text}'`,
    todo: "close it, or write `$$` for a dollar sign",
  };
}
