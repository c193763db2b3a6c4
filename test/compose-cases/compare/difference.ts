import { isMap, type Json, type JsonMap } from "../../../model/json.ts";

/** What is compared, each in a file of its own. */
export type Aspect = "parts" | "fields" | "environment" | "mounts" | "ports" | "networks" | "order";

/** One thing that is not on a server as Compose reads it in the original file. */
export interface Difference {
  readonly aspect: Aspect;
  /** The developers' name; empty for a thing of the whole application. */
  readonly service: string;
  readonly field: string;
  /** JSON with sorted keys; `nothing` for a field that is not there. */
  readonly expected: string;
  readonly found: string;
}

export const nothing = "nothing";

type Values = Readonly<Record<string, Json | undefined>>;

/** Compares two maps of values by key. */
export function compareValues(
  where: Pick<Difference, "aspect" | "service">,
  prefix: string,
  expected: Values,
  found: Values,
): Difference[] {
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort();
  return keys.flatMap((key) => {
    const [from, to] = [textOf(expected[key]), textOf(found[key])];
    return from === to ? [] : [{ ...where, field: `${prefix}${key}`, expected: from, found: to }];
  });
}

/** A value as text, equal for equal values. */
export function textOf(value: Json | undefined): string {
  return value === undefined || value === null ? nothing : JSON.stringify(sorted(value));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, below]): [string, Json] => [key, sorted(below)]));
}

/** The leaves of a map by path. A list is one leaf: its order may have a meaning. */
export function leavesOf(value: JsonMap, prefix = ""): Record<string, Json> {
  const entries = Object.entries(value).flatMap(([key, below]): [string, Json][] =>
    isMap(below) && Object.keys(below).length > 0
      ? Object.entries(leavesOf(below, `${prefix}${key}.`))
      : [[`${prefix}${key}`, below]],
  );
  return Object.fromEntries(entries);
}

/** One line for people. */
export function describe({ aspect, service, field, expected, found }: Difference): string {
  const where = [service, field].filter((word) => word !== "").join(": ");
  return `${aspect}: ${where}: expected ${short(expected)}, found ${short(found)}`;
}

function short(text: string): string {
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
