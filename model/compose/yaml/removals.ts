import { isAlias, isCollection, isMap, isScalar, isSeq, type Alias, type Document, type Node } from "yaml";
import { isList, isMap as isJsonMap, type Json } from "../../json.ts";
import { isMergeKey } from "./places.ts";

/** The keys that lead to a part of a file. */
export type Keys = readonly string[];

/** The parts that a file takes out of the files before it, by Compose's own tags. */
export interface Removals {
  /** Parts with `!reset`, which this file does not have either. */
  readonly reset: readonly Keys[];
  /** Parts with `!override`, which this file has instead. */
  readonly override: readonly Keys[];
}

/** Tells a fault of the parser that is none: it does not know the tags that Compose has for merging files. */
export function isMergeTag({ code, message }: { readonly code: string; readonly message: string }): boolean {
  return code === "TAG_RESOLVE_FAILED" && /!(reset|override)\b/.test(message);
}

/** Finds every `!reset` and `!override`; what `<<` merges counts where it is merged. */
export function findRemovals(document: Document, targets: ReadonlyMap<Alias, Node>): Removals {
  const reset: Keys[] = [];
  const override: Keys[] = [];
  const walk = (from: unknown, keys: Keys): void => {
    const node = isAlias(from) ? targets.get(from) : from;
    if (!isCollection(node) && !isScalar(node)) return;
    if (node.tag === "!reset") reset.push(keys);
    if (node.tag === "!override") override.push(keys);
    for (const [value, below] of childrenOf(node, keys)) walk(value, below);
  };
  walk(document.contents, []);
  return { reset, override };
}

function childrenOf(node: Node, keys: Keys): (readonly [value: unknown, keys: Keys])[] {
  if (isSeq(node)) return node.items.map((item, index) => [item, [...keys, String(index)]]);
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    if (!isMergeKey(key)) return [[value, [...keys, String(key)]] as const];
    return (isSeq(value) ? value.items : [value]).map((merged) => [merged, keys] as const);
  });
}

/** Copies a value without the parts at these keys. */
export function withoutParts(value: Json, parts: readonly Keys[]): Json {
  if (parts.length === 0) return value;
  const below = (key: string): readonly Keys[] => parts.flatMap(([first, ...rest]) => (first === key ? [rest] : []));
  const kept = (key: string): boolean => below(key).every((rest) => rest.length > 0);
  if (isList(value)) {
    return value.flatMap((item, index) => (kept(String(index)) ? [withoutParts(item, below(String(index)))] : []));
  }
  if (!isJsonMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]): [string, Json][] =>
      kept(key) ? [[key, withoutParts(field, below(key))]] : [],
    ),
  );
}
