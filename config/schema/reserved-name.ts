import { isMap } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import { isReservedName, reservedName } from "../../model/reserved-name.ts";

/** A configuration value without the names that nothing may have, and a problem for each of them. */
interface WithoutReserved {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/** Takes reserved names out of all maps of a value. The schema would drop `__proto__` silently. */
export function withoutReservedNames(path: string, value: unknown): WithoutReserved {
  if (!isMap(value)) return { value, problems: [] };
  const fields = Object.entries(value).map(([name, field]): [string, WithoutReserved] => [
    name,
    isReservedName(name)
      ? { value: undefined, problems: [reservedName(`${path}.${name}`, name)] }
      : withoutReservedNames(`${path}.${name}`, field),
  ]);
  const kept = fields.filter(([name]) => !isReservedName(name));
  return {
    value: Object.fromEntries(kept.map(([name, field]) => [name, field.value])),
    problems: fields.flatMap(([, field]) => field.problems),
  };
}
