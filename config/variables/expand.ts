import { isMap } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";

/** A configuration value with its variables filled in, and the problems of those that could not be. */
interface Expanded {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Paths whose only problem is that a variable is not set. */
  readonly unset: readonly string[];
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Replaces `${SERVER_HOST}` and other variables by their values, in every string at or below `value`. */
export function expandVariables(path: string, value: unknown, environment: NodeJS.ProcessEnv): Expanded {
  if (typeof value === "string") return expandText(path, value, environment);
  if (!isMap(value)) return { value, problems: [], unset: [] };
  const fields = Object.entries(value).map(([key, field]): [string, Expanded] => [
    key,
    expandVariables(`${path}.${key}`, field, environment),
  ]);
  return {
    value: Object.fromEntries(fields.map(([key, field]) => [key, field.value])),
    problems: fields.flatMap(([, field]) => field.problems),
    unset: fields.flatMap(([, field]) => field.unset),
  };
}

function expandText(path: string, text: string, environment: NodeJS.ProcessEnv): Expanded {
  const names = [...new Set(Array.from(text.matchAll(variable), ([, name = ""]) => name))];
  const refused = names.filter(mayHoldKey).map((name) => keyProblem(path, name));
  if (refused.length > 0) return { value: text, problems: refused, unset: [] };
  const problems = names
    .filter((name) => (environment[name] ?? "") === "")
    .map((name) => missingProblem(path, name, environment[name]));
  const value = text.replaceAll(variable, (whole, name: string) => {
    const { [name]: found = "" } = environment;
    return found === "" ? whole : found;
  });
  return { value, problems, unset: problems.map((problem) => problem.path) };
}

function missingProblem(path: string, name: string, found: string | undefined): Problem {
  const what = `needs the variable ${name}, which is ${found === undefined ? "not set" : "empty"}`;
  return { path, what, todo: "set it, or add it to this environment's CI variables" };
}

/**
 * Tells whether a variable is one of those in which a job gets its keys. Configuration is not secret: its values are
 * part of plans, notes and the server's files. A host's key is public.
 */
function mayHoldKey(name: string): boolean {
  if (/^(PULUMI|SSH|SOPS|SLIPWAY)_/i.test(name)) return true;
  return /(TOKEN|PASSWORD|PASSPHRASE|KEY)$/i.test(name) && !/(^|_)HOST_KEY$/.test(name);
}

function keyProblem(path: string, name: string): Problem {
  const what = `uses the variable ${name}, which may hold a key of the job`;
  return { path, what, todo: "use a variable whose name does not look like a key's, such as SERVER_HOST" };
}
