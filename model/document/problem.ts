import type { Document, DocumentMap, DocumentValue } from "./document.ts";
import { isPrintable, byteLength, longestLine, longestName } from "./text.ts";
import type { Problem } from "../problem.ts";

/** The deepest level of nested maps. */
const deepest = 4;

/** Names at the top of every document. */
const reservedNames = new Set(["kind", "resource", "number"]);

/** Everything in a document that cannot be written as its text. */
export function documentProblems({ kind, resource, body }: Document): Problem[] {
  return [
    ...kindProblems(kind, resource),
    ...textProblems(resource, [resource, "resource"]),
    ...(resource === "" ? [{ path: "resource", what: "is empty", todo: "name the resource" }] : []),
    ...Object.keys(body)
      .filter((name) => reservedNames.has(name))
      .map((name) => ({ path: `${resource}.${name}`, what: "stands at the top of every document", todo: "rename it" })),
    ...mapProblems(body, [resource]),
  ];
}

function kindProblems(kind: string, resource: string): Problem[] {
  if (/^[a-z]+(-[a-z]+)*$/.test(kind)) return [];
  return [
    { path: `${resource}.kind`, what: `is not a word of a to z and hyphens, got ${show(kind)}`, todo: "correct it" },
  ];
}

function mapProblems(map: DocumentMap, path: readonly string[]): Problem[] {
  return Object.entries(map).flatMap(([name, value]) => [
    ...nameProblems(name, path),
    ...valueProblems(value, name, path),
  ]);
}

function nameProblems(name: string, path: readonly string[]): Problem[] {
  if (name !== "" && name !== "__proto__" && isShortLine(name, longestName)) return [];
  const where = path.join(".");
  if (name === "") return [{ path: where, what: "has a name that is empty", todo: "name it" }];
  if (name === "__proto__") {
    // The readers of bodies leave it out, so a file of that name would never reach its server.
    return [
      { path: where, what: `has a name that no object of JavaScript can have, got '${name}'`, todo: "rename it" },
    ];
  }
  if (byteLength(name) > longestName) {
    return [
      { path: where, what: `has a name of more than ${longestName} bytes, got ${show(name)}`, todo: "shorten it" },
    ];
  }
  return [
    { path: where, what: `has a name with a character that is not printable, got ${show(name)}`, todo: "rename it" },
  ];
}

/** Each document is checked whenever it is read, so a value without a problem costs no path. */
function valueProblems(value: DocumentValue, name: string, above: readonly string[]): Problem[] {
  if (typeof value === "string" ? isShortLine(value, longestLine) : value instanceof Uint8Array) return [];
  const path = [...above, name];
  if (typeof value === "string") return textProblems(value, path);
  if (value instanceof Uint8Array) return [];
  if (path.length - 1 > deepest) {
    return [{ path: path.join("."), what: `is a map below ${deepest} others`, todo: "flatten it" }];
  }
  return mapProblems(value, path);
}

function textProblems(text: string, path: readonly string[]): Problem[] {
  if (isShortLine(text, longestLine)) return [];
  const where = path.join(".");
  if (!isLine(text)) {
    return [
      { path: where, what: `is not one line of printable characters, got ${show(text)}`, todo: "remove the others" },
    ];
  }
  return [{ path: where, what: `is longer than ${longestLine} bytes, got ${show(text)}`, todo: "shorten it" }];
}

function isShortLine(text: string, longest: number): boolean {
  return isLine(text) && byteLength(text) <= longest;
}

function isLine(text: string): boolean {
  return isPrintable(text) && !/[\t\n]/.test(text);
}

/** Escapes a value for a message, and cuts it to one line. */
function show(text: string): string {
  const start = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  const escaped = JSON.stringify(start.toWellFormed()).slice(1, -1);
  return `'${escaped.replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escapeCharacter)}'`;
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
