import { Buffer } from "node:buffer";
import type { Document, DocumentMap, DocumentValue } from "./document.ts";
import { isMap } from "../json.ts";

/** One place in which two documents differ; `from` is undefined where nothing was there, `to` where nothing will be. */
export interface FieldChange {
  /** Names from the top of the document down. */
  readonly path: readonly string[];
  readonly from: DocumentValue | undefined;
  readonly to: DocumentValue | undefined;
}

/** What leads from one document to another of the same kind: as little as possible, in the order of the names. */
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

/** What stands behind a name of the map itself; a map of JavaScript has names of its own, such as `constructor`. */
function own(map: DocumentMap, name: string): DocumentValue | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function sameLeaf(from: DocumentValue | undefined, to: DocumentValue | undefined): boolean {
  if (from instanceof Uint8Array && to instanceof Uint8Array) return Buffer.compare(from, to) === 0;
  return from === to;
}

/** A change of a whole map as the changes of what is in it; an empty map stays. */
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
