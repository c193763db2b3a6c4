import type { Json, JsonMap } from "../json.ts";

/** Copies a map without some of its keys. */
export function omit(map: JsonMap, keys: readonly string[]): JsonMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

/** Every text below a value, with the keys that lead to it. */
export function textsBelow(value: Json, keys: readonly string[] = []): { keys: readonly string[]; text: string }[] {
  if (typeof value === "string") return [{ keys, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]: [string, Json]) => textsBelow(field, [...keys, key]));
}
