import { isList, isMap, mapOf, textOf, type Json, type JsonMap } from "../json.ts";
import type { NormalEntry, NormalService } from "./normal-service.ts";
import { portKey } from "./port/text.ts";
import { uniqueItems } from "./project/lists.ts";
import { withoutParts, type Keys } from "./yaml/removals.ts";

/** Fields that Compose replaces instead of merging. */
const replacedFields = /^(command|entrypoint|healthcheck\.test|extends|ulimits\.[^.]+)$/;

/** Merges a service over another one, as Compose does for files that override and for `extends`. */
export function mergeServices(base: NormalService, over: NormalService): NormalService {
  const fields = mergeMaps(base.fields, over.fields);
  return {
    fields,
    ports: unique([...base.ports, ...over.ports], portKey),
    volumes: unique([...base.volumes, ...over.volumes], volumeKey),
    place: (...keys) => placeOf([over, base], keys, fields),
    depth: (...keys) => Math.max(base.depth(...keys), over.depth(...keys)),
  };
}

/** A service without the parts that a file over it takes out. */
export function withoutFields(service: NormalService, parts: readonly Keys[]): NormalService {
  const whole = (field: string): boolean => parts.some(([first, ...rest]) => first === field && rest.length === 0);
  return {
    ...service,
    fields: mapOf(withoutParts(service.fields, parts)),
    ports: whole("ports") ? [] : service.ports,
    volumes: whole("volumes") ? [] : service.volumes,
  };
}

/** The place of a field is where it was written last; that of an item of a list, where that item was written. */
function placeOf(services: readonly NormalService[], keys: Keys, fields: JsonMap): string {
  const [field = "", index = "", ...rest] = keys;
  const list = fields[field];
  const item = isList(list) && /^\d+$/.test(index) ? JSON.stringify(list[Number(index)]) : undefined;
  if (item !== undefined) {
    for (const service of services) {
      const own = service.fields[field];
      const at = isList(own) ? own.findIndex((value) => JSON.stringify(value) === item) : -1;
      if (at >= 0) return service.place(field, String(at), ...rest);
    }
  }
  const [deepest] = [...services].sort((a, b) => b.depth(...keys) - a.depth(...keys));
  return deepest?.place(...keys) ?? "";
}

/** Merges a map over another one, as Compose does; `path` is that of the map in a service. */
export function mergeMaps(base: JsonMap, over: JsonMap, path = ""): JsonMap {
  if (path === "logging" && otherDriver(base, over)) return over;
  const merged = Object.entries(over).map(([key, value]): [string, Json] => {
    const at = path === "" ? key : `${path}.${key}`;
    return [key, mergeValues(Object.hasOwn(base, key) ? base[key] : undefined, value, at)];
  });
  return { ...base, ...Object.fromEntries(merged) };
}

/** The options of one logging driver mean nothing to another one. */
function otherDriver({ driver: base }: JsonMap, { driver: over }: JsonMap): boolean {
  return base !== undefined && over !== undefined && base !== over;
}

function mergeValues(base: Json | undefined, over: Json, path: string): Json {
  if (base === undefined || replacedFields.test(path)) return over;
  if (over === null) return base;
  if (isMap(base) && isMap(over)) return mergeMaps(base, over, path);
  if (isList(base) && isList(over)) return uniqueItems([...base, ...over], path);
  return over;
}

/** Of entries with the same key the last one counts. */
function unique(entries: readonly NormalEntry[], key: (value: Json) => string): NormalEntry[] {
  return [...new Map(entries.map((entry) => [key(entry.value), entry])).values()];
}

function volumeKey(value: Json): string {
  return textOf(mapOf(value)["target"]) ?? JSON.stringify(value);
}
