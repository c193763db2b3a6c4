import { readFileSync } from "node:fs";
import { isMap, parseDocument } from "yaml";
import type { Json } from "../model/json.ts";
import { replaceFile } from "./whole-file.ts";

/** A value, and the path of the key that gets it, without the project's name. */
export interface KeyChange {
  readonly path: readonly string[];
  readonly value: Json;
}

/** Sets keys in a stack's file; everything else in it stays, comments too. */
export function setStackKeys(
  { file, name }: { readonly file: string; readonly name: string },
  project: string,
  changes: readonly KeyChange[],
): void {
  const document = parseDocument(readFileSync(file, "utf8"));
  for (const { path, value } of changes) {
    const [first = "", ...rest] = path;
    // A key in a map that is null, such as `config:` alone, needs the map first.
    if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
    document.setIn(["config", `${project}:${first}`, ...rest], value);
  }
  replaceFile(file, document.toString({ lineWidth: 0 }), { place: name });
}
