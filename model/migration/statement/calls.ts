import { isList, isMap } from "../../json.ts";

/** Calls something for each part of a syntax tree that has a name, from the outside to the inside. */
export function walk(tree: unknown, visit: (kind: string, part: Readonly<Record<string, unknown>>) => void): void {
  if (isList(tree)) tree.forEach((one) => walk(one, visit));
  if (!isMap(tree)) return;
  for (const [kind, part] of Object.entries(tree)) {
    if (isMap(part)) visit(kind, part);
    walk(part, visit);
  }
}

/** The names of all functions that a tree calls; Postgres' own are without a schema. */
export function callsOf(tree: unknown): string[] {
  const names: string[] = [];
  walk(tree, (kind, { funcname }) => {
    if (kind === "FuncCall" && isList(funcname)) names.push(nameOf(funcname));
  });
  return names;
}

function nameOf(parts: readonly unknown[]): string {
  const texts = parts.map((part) => (isMap(part) && isMap(part["String"]) ? part["String"]["sval"] : undefined));
  return texts.filter((text) => typeof text === "string" && text !== "pg_catalog").join(".");
}
