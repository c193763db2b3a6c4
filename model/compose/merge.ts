import { isList, isMap, mapOf, textOf, type Json, type JsonMap } from "../json.ts";
import type { NormalEntry, NormalService } from "./normal-service.ts";

/** Fields that Compose replaces instead of merging. */
const replacedFields = ["command", "entrypoint", "healthcheck.test", "extends"];

/** Merges a service into the one that it extends, as Compose does. */
export function mergeServices(base: NormalService, over: NormalService): NormalService {
  return {
    fields: mergeMaps(base.fields, over.fields, ""),
    ports: unique([...base.ports, ...over.ports], portKey),
    volumes: unique([...base.volumes, ...over.volumes], volumeKey),
    place: (...keys) => placeOf(base, over, keys),
  };
}

/** The place of a field is where it was written last. */
function placeOf(base: NormalService, over: NormalService, keys: readonly string[]): string {
  const [first] = keys;
  return first !== undefined && over.fields[first] === undefined ? base.place(...keys) : over.place(...keys);
}

function mergeMaps(base: JsonMap, over: JsonMap, path: string): JsonMap {
  const merged = Object.entries(over).map(([key, value]): [string, Json] => {
    const at = path === "" ? key : `${path}.${key}`;
    return [key, mergeValues(base[key], value, at)];
  });
  return { ...base, ...Object.fromEntries(merged) };
}

function mergeValues(base: Json | undefined, over: Json, path: string): Json {
  if (base === undefined || replacedFields.includes(path)) return over;
  if (isMap(base) && isMap(over)) return mergeMaps(base, over, path);
  if (isList(base) && isList(over)) return mergeLists(base, over, path === "devices" ? deviceKey : JSON.stringify);
  return over;
}

/** Of items with the same key the last one counts. */
function mergeLists(base: readonly Json[], over: readonly Json[], key: (item: Json) => string): Json[] {
  return [...new Map([...base, ...over].map((item) => [key(item), item])).values()];
}

/** Devices are the same if they have the same path in the container. */
function deviceKey(item: Json): string {
  if (isMap(item)) return textOf(item["target"] ?? item["source"]) ?? JSON.stringify(item);
  const [source = "", target = source] = (textOf(item) ?? "").split(":");
  return target;
}

/** Of entries with the same key the last one counts. */
function unique(entries: readonly NormalEntry[], key: (value: Json) => string): NormalEntry[] {
  return [...new Map(entries.map((entry) => [key(entry.value), entry])).values()];
}

function portKey(value: Json): string {
  return JSON.stringify(value);
}

function volumeKey(value: Json): string {
  return textOf(mapOf(value)["target"]) ?? JSON.stringify(value);
}
