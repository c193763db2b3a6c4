import { Buffer } from "node:buffer";
import type { Document, DocumentMap, DocumentValue } from "./document.ts";
import { isMap } from "../json.ts";

/** One difference between two documents. `from` is undefined for an added value, `to` for a removed one. */
export interface FieldChange {
  /** Names from the top of the document down. */
  readonly path: readonly string[];
  readonly from: DocumentValue | undefined;
  readonly to: DocumentValue | undefined;
}

/** The smallest set of changes from one document to another of the same kind, sorted by name. */
export function documentChanges(from: Document, to: Document): FieldChange[] {
  const whole = ({ resource, body }: Document): DocumentMap => ({ resource, ...body });
  return mapChanges(whole(from), whole(to), []);
}

function mapChanges(from: DocumentMap, to: DocumentMap, above: readonly string[]): FieldChange[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return names.flatMap((name) => valueChanges(own(from, name), own(to, name), [...above, name]));
}

function valueChanges(
  from: DocumentValue | undefined,
  to: DocumentValue | undefined,
  path: readonly string[],
): FieldChange[] {
  if (isMap(from) && isMap(to)) return mapChanges(from, to, path);
  return sameLeaf(from, to) ? [] : [{ path, from, to }];
}

/** A value of the map itself; JavaScript objects inherit names such as `constructor`. */
function own(map: DocumentMap, name: string): DocumentValue | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function sameLeaf(from: DocumentValue | undefined, to: DocumentValue | undefined): boolean {
  if (from instanceof Uint8Array && to instanceof Uint8Array) return Buffer.compare(from, to) === 0;
  return from === to;
}

/** Splits the change of a whole map into the changes of its entries; an empty map stays as it is. */
export function leafChanges({ path, from, to }: FieldChange): FieldChange[] {
  const below = isMap(from) ? from : isMap(to) ? to : {};
  const names = Object.keys(below);
  if (names.length === 0) return [{ path, from, to }];
  return names.flatMap((name) => {
    const half = (value: DocumentValue | undefined): DocumentValue | undefined =>
      isMap(value) ? own(value, name) : undefined;
    return leafChanges({ path: [...path, name], from: half(from), to: half(to) });
  });
}
