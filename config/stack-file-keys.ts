import { readFileSync } from "node:fs";
import { isMap, isScalar, parseDocument, type Document } from "yaml";
import type { Json } from "../model/json.ts";
import { UserError } from "../model/problem.ts";
import { replaceFile } from "./whole-file.ts";

/** A value, and the path of the key that gets it, without the project's name. */
export interface KeyChange {
  readonly path: readonly string[];
  readonly value: Json;
}

interface StackFile {
  readonly file: string;
  /** The name that messages give it. */
  readonly name: string;
}

/** Sets keys in a stack's file; everything else in it stays, comments too. */
export function setStackKeys({ file, name }: StackFile, project: string, changes: readonly KeyChange[]): void {
  const document = parseDocument(readFileSync(file, "utf8"));
  for (const { path, value } of changes) {
    const [first = "", ...rest] = path;
    const whole = ["config", `${project}:${first}`, ...rest];
    whole.slice(0, -1).forEach((_key, index) => openMap(document, whole.slice(0, index + 1), name));
    document.setIn(whole, value);
  }
  replaceFile(file, document.toString({ lineWidth: 0 }), { place: name });
}

/** A key without a value, such as `config:` alone, becomes a map. Comments below it stay. */
function openMap(document: Document, path: readonly string[], name: string): void {
  const there = document.getIn(path, true);
  if (there === undefined || isMap(there)) return;
  if (!isScalar(there) || there.value !== null) {
    const what = `is not a map in ${name}`;
    throw new UserError({ path: path.join("."), what, todo: "write keys and their values below it, or remove it" });
  }
  const map = document.createNode({});
  map.commentBefore = there.commentBefore ?? there.comment ?? null;
  document.setIn(path, map);
}
