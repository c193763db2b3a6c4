import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { isList, isMap } from "../../model/json.ts";

const folder = dirname(createRequire(import.meta.url).resolve("dclint/package.json"));
const schema: unknown = JSON.parse(readFileSync(join(folder, "schemas", "compose.schema.json"), "utf8"));

/**
 * Every key that the Compose specification has, by its place: `services.*.ports[]` has `target`, and many others. `*`
 * stands for any name, and `[]` for an item of a list.
 */
export function specifiedKeys(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  walk(schema, "", [], (place, key) => found.set(place, (found.get(place) ?? new Set()).add(key)));
  return new Map([...found].map(([place, keys]) => [place, [...keys].sort()]));
}

type Found = (place: string, key: string) => void;

function walk(node: unknown, place: string, seen: readonly unknown[], found: Found): void {
  if (!isMap(node) || seen.includes(node)) return;
  const below = (next: unknown, at: string): void => walk(next, at, [...seen, node], found);
  if (typeof node["$ref"] === "string") below(definition(node["$ref"]), place);
  for (const forms of [node["oneOf"], node["anyOf"], node["allOf"]].filter(isList)) {
    for (const form of forms) below(form, place);
  }
  below(node["items"], `${place}[]`);
  for (const [key, field] of entriesOf(node["properties"])) {
    found(place, key);
    below(field, place === "" ? key : `${place}.${key}`);
  }
  for (const [pattern, field] of entriesOf(node["patternProperties"])) {
    if (pattern !== "^x-") below(field, `${place}.*`);
  }
}

function definition(reference: string): unknown {
  return reference
    .split("/")
    .slice(1)
    .reduce<unknown>((node, key) => (isMap(node) ? node[key] : undefined), schema);
}

function entriesOf(node: unknown): [string, unknown][] {
  return isMap(node) ? Object.entries(node) : [];
}
