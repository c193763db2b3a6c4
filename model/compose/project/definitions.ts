import { isList, mapOf, type Json, type JsonMap } from "../../json.ts";
import type { ReaderContext } from "../context.ts";
import { mergeMaps, mergeServices, withoutFields } from "../merge.ts";
import { normalService, type NormalService } from "../normal-service.ts";
import type { ComposeText } from "../text.ts";
import { withoutParts, type Keys } from "../yaml/removals.ts";
import { withLabelMap } from "./assignments.ts";
import { fillLocal, type Scope } from "./scope.ts";

/** A top-level volume, network, secret or config. */
export interface Resource {
  readonly value: JsonMap;
  readonly place: string;
  /** The base of its relative paths. */
  readonly folder: string;
}

/** The kinds of resources, as the top-level keys name them. */
export const resourceKinds = ["volumes", "networks", "secrets", "configs"] as const;
type ResourceKind = (typeof resourceKinds)[number];

/** All that one file, or several merged ones, define, by name. */
export interface Definitions extends Readonly<Record<ResourceKind, ReadonlyMap<string, Resource>>> {
  readonly services: ReadonlyMap<string, NormalService>;
  /** The places of all other top-level keys, which define nothing here. */
  readonly others: ReadonlyMap<string, string>;
}

/** No definition at all. */
export const nothing: Definitions = {
  services: new Map(),
  volumes: new Map(),
  networks: new Map(),
  secrets: new Map(),
  configs: new Map(),
  others: new Map(),
};

/** Top-level keys that are read, and those that Compose never looks at. */
const read = /^(services|volumes|networks|secrets|configs|include|x-.*)$/;

/** What one file defines by itself, without what it includes. */
export function definitionsOf(context: ReaderContext, text: ComposeText, scope: Scope): Definitions {
  const names = Object.keys(mapOf(text.content["services"]));
  const services = names.map((name) => [name, normalService(context, { text, name, scope })] as const);
  const resources = (kind: ResourceKind): ReadonlyMap<string, Resource> =>
    new Map(
      Object.entries(mapOf(text.content[kind])).map(([name, value]) => {
        const place = text.place([kind, name]);
        const at = (...keys: readonly string[]): string => text.place(keys);
        const filled = mapOf(fillLocal(context, value, { scope, keys: [kind, name], place: at }));
        return [name, { value: withLabelMap(context, filled, place), place, folder: scope.folder }];
      }),
    );
  const others = Object.keys(text.content).filter((key) => !read.test(key));
  return {
    services: new Map(services),
    others: new Map(others.map((key) => [key, text.place([key])])),
    volumes: resources("volumes"),
    networks: resources("networks"),
    secrets: resources("secrets"),
    configs: resources("configs"),
  };
}

/** Merges definitions over others, after the parts that they take out of these. */
export function mergeDefinitions(base: Definitions, over: Definitions, removals: readonly Keys[] = []): Definitions {
  const kept = withoutDefinitions(base, removals);
  const resources = (kind: ResourceKind): ReadonlyMap<string, Resource> =>
    mergeNames(kept[kind], over[kind], mergeResources);
  return {
    services: mergeNames(kept.services, over.services, mergeServices),
    others: new Map([...kept.others, ...over.others]),
    volumes: resources("volumes"),
    networks: resources("networks"),
    secrets: resources("secrets"),
    configs: resources("configs"),
  };
}

function mergeNames<Value>(
  base: ReadonlyMap<string, Value>,
  over: ReadonlyMap<string, Value>,
  merge: (base: Value, over: Value) => Value,
): ReadonlyMap<string, Value> {
  const merged = [...over].map(([name, value]): [string, Value] => {
    const below = base.get(name);
    return [name, below === undefined ? value : merge(below, value)];
  });
  return new Map([...base, ...merged]);
}

function mergeResources(base: Resource, over: Resource): Resource {
  const folder = over.value["file"] === undefined ? base.folder : over.folder;
  const merged = mergeMaps(base.value, over.value);
  const [own, other] = [mapOf(base.value["ipam"])["config"], mapOf(over.value["ipam"])["config"]];
  if (!isList(own) || !isList(other)) return { value: merged, place: over.place, folder };
  const ipam = { ...mapOf(merged["ipam"]), config: mergeSubnets(own, other) };
  return { value: { ...merged, ipam }, place: over.place, folder };
}

/** Merges entries of one subnet. Those of `base` without one in `over` are left out, as Compose does it. */
function mergeSubnets(base: readonly Json[], over: readonly Json[]): Json[] {
  const entries = new Map<Json | undefined, Json>();
  for (const first of base.map(mapOf)) {
    for (const second of over.map(mapOf)) {
      const { subnet } = second;
      if (first["subnet"] === subnet) entries.set(subnet, { ...first, ...second });
      else if (!entries.has(subnet)) entries.set(subnet, second);
    }
  }
  return [...entries.values()];
}

function withoutDefinitions(definitions: Definitions, removals: readonly Keys[]): Definitions {
  if (removals.length === 0) return definitions;
  const without = <Value>(
    kind: keyof Definitions,
    change: (value: Value, parts: readonly Keys[]) => Value,
    map: ReadonlyMap<string, Value>,
  ): ReadonlyMap<string, Value> => {
    const parts = below(removals, kind);
    if (parts.some((keys) => keys.length === 0)) return new Map();
    const kept = [...map].flatMap(([name, value]): [string, Value][] => {
      const own = below(parts, name);
      return own.some((keys) => keys.length === 0) ? [] : [[name, change(value, own)]];
    });
    return new Map(kept);
  };
  return {
    ...definitions,
    services: without("services", withoutFields, definitions.services),
    volumes: without("volumes", withoutKeys, definitions.volumes),
    networks: without("networks", withoutKeys, definitions.networks),
    secrets: without("secrets", withoutKeys, definitions.secrets),
    configs: without("configs", withoutKeys, definitions.configs),
  };
}

function withoutKeys(resource: Resource, parts: readonly Keys[]): Resource {
  return { ...resource, value: mapOf(withoutParts(resource.value, parts)) };
}

/** The keys below a name. */
export function below(keys: readonly Keys[], name: string): readonly Keys[] {
  return keys.flatMap(([first, ...rest]) => (first === name ? [rest] : []));
}
