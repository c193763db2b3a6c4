import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type ScalarTag,
} from "yaml";
import { isMap as isJsonMap, type Json, type JsonMap } from "../json.ts";
import { messageOf, type Problem } from "../problem.ts";

/** One YAML file of a Compose application, with the places of its keys. */
export interface ComposeText {
  readonly path: string;
  readonly content: JsonMap;
  /** The place of a key or list item, such as `compose.yaml:12:5`; that of the nearest parent if it does not exist. */
  place(keys: readonly (string | number)[]): string;
}

/** Compose's YAML library reads `0444` as an octal number; YAML 1.2 would not. */
const octal: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^0[0-7]+$/,
  resolve: (text) => parseInt(text, 8),
};

/** Parses one file as Compose does: anchors, merge keys, no duplicate keys. Messages call the file `label`. */
export function parseCompose(path: string, text: string, label = path): ComposeText | Problem[] {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    merge: true,
    prettyErrors: false,
    lineCounter: lines,
    customTags: (tags) => [octal, ...tags],
  });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${label}:${line}:${col}`;
  };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return faults.map((fault) => ({ path: at(fault.pos[0]), what: yamlFault(fault), todo: "correct the YAML" }));
  }
  return contentOf(path, document, at);
}

function contentOf(path: string, document: Document, at: (offset: number) => string): ComposeText | Problem[] {
  const place = (keys: readonly (string | number)[]): string => at(offsetOf(document, keys));
  try {
    const content = jsonOf(document.toJS());
    const unsafe = unsafeNumbers(content).map((keys) => ({
      path: place(keys),
      what: `${keys.join(".")} has too many digits for a number`,
      todo: "write it in quotes",
    }));
    if (unsafe.length > 0) return unsafe;
    if (isJsonMap(content)) return { path, content, place };
    return [{ path: at(0), what: "is not a map of services", todo: "begin with `services:`" }];
  } catch (error) {
    const what = `cannot be read: ${messageOf(error)}`;
    return [{ path: at(aliasOffset(document)), what, todo: "correct the YAML" }];
  }
}

/** The offset of the first alias without an anchor. */
function aliasOffset(document: Document): number {
  let offset = 0;
  visit(document, {
    Alias: (_, node) => {
      if (node.resolve(document) !== undefined) return undefined;
      offset = rangeOf(node) ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

/** The keys of numbers that JavaScript cannot hold exactly; a service would get another number. */
function unsafeNumbers(value: Json, keys: readonly string[] = []): (readonly string[])[] {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value) ? [keys] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]: [string, Json]) => unsafeNumbers(field, [...keys, key]));
}

function yamlFault({ code, message }: { code: string; message: string }): string {
  if (code === "MULTIPLE_DOCS") return "holds more than one YAML document";
  return `is not YAML that Compose accepts: ${message}`;
}

function jsonOf(value: unknown): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "number")
    return value;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== "object") throw new TypeError(`a ${typeof value} is not a value of a compose file`);
  return Object.fromEntries(Object.entries(value).map(([key, field]): [string, Json] => [key, jsonOf(field)]));
}

/** The offset at which a key or list item begins. */
function offsetOf(document: Document, keys: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of keys) {
    const found = stepInto(document, node, String(key));
    if (found === undefined) break;
    node = found.value;
    offset = rangeOf(found.at) ?? offset;
  }
  return offset;
}

function stepInto(document: Document, from: unknown, key: string): { at: unknown; value: unknown } | undefined {
  const node = isAlias(from) ? from.resolve(document) : from;
  if (isSeq(node)) {
    const value = node.items[Number(key)];
    return value === undefined ? undefined : { at: value, value };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  if (pair !== undefined) return { at: pair.key, value: pair.value };
  return mergedNodes(document, node.items)
    .map((merged) => stepInto(document, merged, key))
    .find((found) => found !== undefined);
}

/** The maps that `<<` merges into a map. */
function mergedNodes(document: Document, items: readonly { key: unknown; value: unknown }[]): unknown[] {
  return items
    .filter(({ key }) => isScalar(key) && (key.value === "<<" || typeof key.value === "symbol"))
    .flatMap(({ value }) => {
      const node = isAlias(value) ? value.resolve(document) : value;
      return isSeq(node) ? node.items : [node];
    });
}

function rangeOf(node: unknown): number | undefined {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range)
    ? Number(node.range[0])
    : undefined;
}
