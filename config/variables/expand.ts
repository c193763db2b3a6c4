import { isMap } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";

/** A configuration value with its variables filled in, and the problems of those that could not be. */
interface Expanded {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Replaces `${SERVER_HOST}` and other variables by their values, in every string at or below `value`. */
export function expandVariables(path: string, value: unknown, environment: NodeJS.ProcessEnv): Expanded {
  if (typeof value === "string") return expandText(path, value, environment);
  if (!isMap(value)) return { value, problems: [] };
  const fields = Object.entries(value).map(([key, field]): [string, Expanded] => [
    key,
    expandVariables(`${path}.${key}`, field, environment),
  ]);
  return {
    value: Object.fromEntries(fields.map(([key, field]) => [key, field.value])),
    problems: fields.flatMap(([, field]) => field.problems),
  };
}

function expandText(path: string, text: string, environment: NodeJS.ProcessEnv): Expanded {
  const problems: Problem[] = [];
  const value = text.replaceAll(variable, (whole, name: string) => {
    const found = environment[name];
    if (found !== undefined && found !== "") return found;
    const what = `needs the variable ${name}, which is ${found === undefined ? "not set" : "empty"}`;
    problems.push({ path, what, todo: `set ${name} in the environment, or in the CI's variables of this environment` });
    return whole;
  });
  return { value, problems };
}
