import { LineCounter, parseDocument, visit, type Document } from "yaml";
import { isMap, type Json, type JsonMap } from "../json.ts";
import { messageOf, type Problem } from "../problem.ts";
import { aliasTargets, excessiveAlias, largestExpansion } from "./yaml/aliases.ts";
import { findOffset, rangeOf } from "./yaml/places.ts";
import { findRemovals, isMergeTag, withoutParts, type Keys } from "./yaml/removals.ts";
import { composeScalars } from "./yaml/scalars.ts";

/** One YAML file of a Compose application, with the places of its keys. */
export interface ComposeText {
  readonly path: string;
  /** Without the parts that `!reset` marks. */
  readonly content: JsonMap;
  /** The parts that this file takes out of the files before it, by `!reset` and `!override`. */
  readonly removals: readonly Keys[];
  /** The place of a key or list item, such as `compose.yaml:12:5`; that of the nearest parent if it does not exist. */
  place(keys: readonly (string | number)[]): string;
  /** How many of these keys exist, one inside of the other. */
  depth(keys: readonly string[]): number;
}

/** The most characters of a file: a larger one was named by mistake, and the parser would take minutes for it. */
const largestFile = 1_000_000;

/** Parses one file as Compose does: anchors, merge keys, no duplicate keys. Messages call the file `label`. */
export function parseCompose(path: string, text: string, label = path): ComposeText | Problem[] {
  const unfit = unfitText(text);
  if (unfit !== undefined) return [{ path: label, ...unfit }];
  const lines = new LineCounter();
  const document = parseDocument(text, {
    merge: true,
    prettyErrors: false,
    lineCounter: lines,
    customTags: (tags) => [...composeScalars, ...tags],
  });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${label}:${line}:${col}`;
  };
  const faults = [...document.errors, ...document.warnings.filter((warning) => !isMergeTag(warning))];
  if (faults.length > 0) {
    return faults.map((fault) => ({ path: at(fault.pos[0]), what: yamlFault(fault), todo: "correct the YAML" }));
  }
  return contentOf(path, document, at);
}

/** What is no compose file at all. Bytes that are not UTF-8 were read as the character for that. */
function unfitText(text: string): Pick<Problem, "what" | "todo"> | undefined {
  if (/[\0\ufffd]/.test(text)) return { what: "is not UTF-8 text", todo: "name a compose file, and write it as UTF-8" };
  if (text.length <= largestFile) return undefined;
  const what = `has ${text.length} characters, and a compose file has at most ${largestFile}`;
  return { what, todo: "name a compose file, or move data into files that services mount" };
}

function contentOf(path: string, document: Document, at: (offset: number) => string): ComposeText | Problem[] {
  const place = (keys: readonly (string | number)[]): string => at(findOffset(document, keys).offset);
  const targets = aliasTargets(document);
  const excessive = excessiveAlias(document, targets);
  if (excessive !== undefined) {
    const what = `becomes more than ${largestExpansion} values when its aliases are written out`;
    return [{ path: at(excessive), what, todo: "use fewer aliases inside of what other aliases stand for" }];
  }
  try {
    const { reset, override } = findRemovals(document, targets);
    const content = withoutParts(jsonOf(document.toJS({ maxAliasCount: -1 })), reset);
    const unsafe = unsafeNumbers(content).map((keys) => ({
      path: place(keys),
      what: `${keys.join(".")} has too many digits for a number`,
      todo: "write it in quotes",
    }));
    if (unsafe.length > 0) return unsafe;
    const depth = (keys: readonly string[]): number => findOffset(document, keys).depth;
    if (isMap(content)) return { path, content, removals: [...reset, ...override], place, depth };
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
