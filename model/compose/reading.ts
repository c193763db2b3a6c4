import type { ComposeFolder } from "./folder.ts";
import type { ComposeSchema } from "./schema.ts";
import { fillTemplate, parseTemplate, type Lookup } from "./template.ts";
import type { Problem } from "../problem.ts";

/** What the stack says about reading one service. */
export interface ServiceReading {
  readonly release: boolean;
  /** Mount targets that are left out, and the words `develop` and `build.target`. */
  readonly drop: readonly string[];
  readonly hasData: boolean;
  /** Whether the stack gives it a host port. */
  readonly published: boolean;
}

/** What the reader of a Compose application is given. */
export interface ReadingInput {
  readonly schema: ComposeSchema;
  /** Name of the compose file in its folder. */
  readonly file: string;
  readonly folder: ComposeFolder;
  /** The way to that folder, as messages say it: empty, or `deploy/`. */
  readonly prefix: string;
  /** By service, for those that the stack names. */
  readonly services: Readonly<Record<string, ServiceReading>>;
  /** For every other service. */
  readonly unnamed: ServiceReading;
  /** Variables whose values may stand in rendered files: slipway's own and those that are not secret. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of further variables, whose values only the server sees. */
  readonly secrets: readonly string[];
}

/** One reading on its way: what is known, and what was found so far. */
export interface Reading extends ReadingInput {
  readonly problems: Problem[];
  readonly notes: string[];
}

/** What the stack says of a service, or what holds for one that it does not name. */
export function readingOf(reading: Reading, service: string): ServiceReading {
  return reading.services[service] ?? reading.unnamed;
}

/** Fills in a field that slipway itself has to understand; a problem, and undefined, where that cannot be done. */
export function resolveText(reading: Reading, text: string, place: string, field: string): string | undefined {
  const template = parseTemplate(text);
  if (template === undefined) {
    reading.problems.push(brokenTemplate(place, field, text));
    return undefined;
  }
  const lookup: Lookup = (name) => (reading.secrets.includes(name) ? hidden : reading.variables[name]);
  const filled = fillTemplate(template, lookup);
  if (!("text" in filled)) {
    const todo = `set variables.${filled.name}, or write a default such as \${${filled.name}:-…}`;
    reading.problems.push({ path: place, what: `${field} ${filled.reason}, got '${text}'`, todo });
    return undefined;
  }
  if (!filled.text.includes(hidden)) return filled.text;
  const what = `${field} uses a variable that is secret, got '${text}'`;
  reading.problems.push({ path: place, what, todo: "move it from secrets to variables, or write the value itself" });
  return undefined;
}

/** Stands for a value that is not known here; no compose file can hold it. */
const hidden = "\0";

/** A `${` that begins no variable. */
export function brokenTemplate(path: string, field: string, text: string): Problem {
  return {
    path,
    what: `${field} holds a '\${' that begins no variable, got '${text}'`,
    todo: "close it, or write `$$` for a dollar sign",
  };
}
