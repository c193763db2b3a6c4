import type { Json, JsonMap } from "./application.ts";

/** The map that a value is, or an empty one. */
export function mapOf(value: Json | undefined): JsonMap {
  return isMap(value) ? value : {};
}

/** The list that a value is; a single value is a list of one, and nothing is an empty one. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

/** The text that a scalar stands for, as Compose reads it; undefined where there is none. */
export function textOf(value: Json | undefined): string | undefined {
  return value === undefined || value === null || typeof value === "object" ? undefined : String(value);
}

/** Tells a map from every other value. */
export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === "object" && value !== null && !isList(value);
}

/** Tells a list from every other value. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The map without some of its keys. */
export function without(map: JsonMap, keys: readonly string[]): JsonMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

/** Every text below a value, with the keys that lead to it. */
export function textsBelow(value: Json, keys: readonly string[] = []): { keys: readonly string[]; text: string }[] {
  if (typeof value === "string") return [{ keys, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]: [string, Json]) => textsBelow(field, [...keys, key]));
}
