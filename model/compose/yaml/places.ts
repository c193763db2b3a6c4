import { isAlias, isMap, isScalar, isSeq, type Document } from "yaml";

/** A node as far as keys lead to one. */
interface Found {
  /** The offset at which the last key or list item begins that exists. */
  readonly offset: number;
  /** How many of the keys exist. */
  readonly depth: number;
}

/** The offset at which a key or list item begins; that of the nearest parent if it does not exist. */
export function findOffset(document: Document, keys: readonly (string | number)[]): Found {
  let node: unknown = document.contents;
  let [offset, depth] = [0, 0];
  for (const key of keys) {
    const found = stepInto(document, node, String(key));
    if (found === undefined) break;
    node = found.value;
    offset = rangeOf(found.at) ?? offset;
    depth += 1;
  }
  return { offset, depth };
}

/** The offset at which a node begins; undefined if the parser did not keep it. */
export function rangeOf(node: unknown): number | undefined {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range)
    ? Number(node.range[0])
    : undefined;
}

function stepInto(document: Document, from: unknown, key: string): { at: unknown; value: unknown } | undefined {
  const node = isAlias(from) ? from.resolve(document) : from;
  if (isSeq(node)) {
    const value = node.items[Number(key)] ?? node.items.find((item) => assigns(item, key));
    return value === undefined ? undefined : { at: value, value };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  if (pair !== undefined) return { at: pair.key, value: pair.value };
  return mergedNodes(document, node.items)
    .map((merged) => stepInto(document, merged, key))
    .find((found) => found !== undefined);
}

/** Tells whether a list item is `NAME=value`, which is the key `NAME` in the other form of the list. */
function assigns(item: unknown, name: string): boolean {
  return isScalar(item) && typeof item.value === "string" && item.value.startsWith(`${name}=`);
}

/** The maps that `<<` merges into a map. */
function mergedNodes(document: Document, items: readonly { key: unknown; value: unknown }[]): unknown[] {
  return items
    .filter(({ key }) => isMergeKey(key))
    .flatMap(({ value }) => {
      const node = isAlias(value) ? value.resolve(document) : value;
      return isSeq(node) ? node.items : [node];
    });
}

/** Tells the key `<<`, which the parser may keep as a symbol. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && (key.value === "<<" || typeof key.value === "symbol");
}
