import { isAlias, isCollection, isMap, visit, type Alias, type Document, type Node } from "yaml";
import { rangeOf } from "./places.ts";

/** Values of one file with its aliases written out; Compose itself reads no more. */
export const largestExpansion = 100_000;

/** The node that each alias of a document stands for. An alias without an anchor before it is missing. */
export function aliasTargets(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target !== undefined) targets.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

/**
 * The offset of an alias that makes the document too large, or that stands for a node around it; undefined if there is
 * none. Each anchor is measured once, so this ends quickly whatever aliases say.
 */
export function excessiveAlias(document: Document, targets: ReadonlyMap<Alias, Node>): number | undefined {
  const sizes = new Map<unknown, number>();
  let excessive: number | undefined;
  const measure = (node: unknown): number => {
    const known = sizes.get(node);
    if (known !== undefined) return known;
    // A node that is met again before it is measured contains itself.
    sizes.set(node, Infinity);
    const size = isAlias(node) ? measure(targets.get(node)) : 1 + childrenOf(node).reduce(add, 0);
    if (isAlias(node) && size > largestExpansion) excessive ??= rangeOf(node) ?? 0;
    sizes.set(node, size);
    return size;
  };
  const add = (sum: number, child: unknown): number => sum + measure(child);
  const whole = measure(document.contents);
  if (whole <= largestExpansion) return undefined;
  return excessive ?? largestAlias(targets, sizes);
}

function largestAlias(targets: ReadonlyMap<Alias, Node>, sizes: ReadonlyMap<unknown, number>): number | undefined {
  const [largest] = [...targets].sort(([, a], [, b]) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
  return largest && rangeOf(largest[0]);
}

function childrenOf(node: unknown): readonly unknown[] {
  if (isMap(node)) return node.items.map(({ value }) => value);
  return isCollection(node) ? node.items : [];
}
