import { isMap } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";

/** A configuration value without the names that nothing may have, and a problem for each of them. */
interface WithoutReserved {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/**
 * Takes names that every object has, such as `constructor`, out of all maps of a value. A look-up of one would find
 * JavaScript's own property, and the schema drops `__proto__` silently.
 */
export function withoutReservedNames(path: string, value: unknown): WithoutReserved {
  if (!isMap(value)) return { value, problems: [] };
  const fields = Object.entries(value).map(([name, field]): [string, WithoutReserved] => [
    name,
    name in Object.prototype
      ? { value: undefined, problems: [reservedName(path, name)] }
      : withoutReservedNames(`${path}.${name}`, field),
  ]);
  const kept = fields.filter(([name]) => !(name in Object.prototype));
  return {
    value: Object.fromEntries(kept.map(([name, field]) => [name, field.value])),
    problems: fields.flatMap(([, field]) => field.problems),
  };
}

function reservedName(path: string, name: string): Problem {
  const what = `is a name that every object of JavaScript has, got '${name}'`;
  return { path: `${path}.${name}`, what, todo: "choose another one" };
}
