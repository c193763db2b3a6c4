/** A value that YAML and JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonMap;

/** A map that YAML and JSON can hold. */
export interface JsonMap {
  readonly [name: string]: Json;
}

/** Reads JSON; undefined if the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Tells a map from every other value. Bytes, which documents contain, are not a map. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !isList(value) && !(value instanceof Uint8Array);
}

/** Tells a list from every other value. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The value if it is a map, else an empty map. */
export function mapOf(value: Json | undefined): JsonMap {
  return isMap(value) ? value : {};
}

/** The value as a list: a single value becomes a list of one, no value an empty list. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

/** A scalar as Compose reads it as text; undefined for everything else. */
export function textOf(value: Json | undefined): string | undefined {
  return value === undefined || value === null || typeof value === "object" ? undefined : String(value);
}
