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

/** The names of all functions that a tree calls, without their schema. */
export function callsOf(tree: unknown): string[] {
  const names: string[] = [];
  walk(tree, (kind, { funcname }) => {
    if (kind === "FuncCall" && isList(funcname)) names.push(lastText(funcname));
  });
  return names;
}

function lastText(names: readonly unknown[]): string {
  const [last] = names.slice(-1);
  const text = isMap(last) && isMap(last["String"]) ? last["String"]["sval"] : undefined;
  return typeof text === "string" ? text : "";
}
