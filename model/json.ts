/** A value as YAML and JSON hold it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonMap;

/** A map as YAML and JSON hold it. */
export interface JsonMap {
  readonly [name: string]: Json;
}

/** Tells a map from every other value. Bytes, which documents hold, are no map. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !isList(value) && !(value instanceof Uint8Array);
}

/** Tells a list from every other value. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

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
