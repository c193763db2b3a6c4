import type { FunctionParameter, Node, ObjectWithArgs, RangeVar, TypeName } from "libpg-query";

/** The texts of a list of names, such as `sales`, `orders`. */
export function textsOf(nodes: readonly Node[] = []): string[] {
  return nodes.flatMap((node) => ("String" in node ? [node.String.sval ?? ""] : []));
}

/** The name of a table as it is written. */
export function relationText({ schemaname, relname = "" }: RangeVar): string {
  return schemaname === undefined ? relname : `${schemaname}.${relname}`;
}

/** The name of a type as it is written, without Postgres' own schema. */
export function typeText({ names, arrayBounds = [] }: TypeName): string {
  const texts = textsOf(names).filter((text) => text !== "pg_catalog");
  return `${texts.join(".")}${"[]".repeat(arrayBounds.length)}`;
}

/** The name of a function with the types of its arguments; without them where none are written. */
export function functionText({ objname, objargs = [], args_unspecified: isOpen = false }: ObjectWithArgs): string {
  const name = textsOf(objname).join(".");
  return isOpen ? name : `${name}(${objargs.map(argumentText).join(", ")})`;
}

function argumentText(node: Node): string {
  return "TypeName" in node ? typeText(node.TypeName) : "";
}

/** The types of a new function's arguments; those that only come back do not count. */
export function parameterTypes(parameters: readonly Node[] = []): readonly string[] {
  return parameters
    .flatMap((node): FunctionParameter[] => ("FunctionParameter" in node ? [node.FunctionParameter] : []))
    .filter(({ mode }) => mode !== "FUNC_PARAM_OUT" && mode !== "FUNC_PARAM_TABLE")
    .map(({ argType }) => (argType === undefined ? "" : typeText(argType)));
}

/** The parts of the name of any object, and how it is written. */
export interface ObjectName {
  readonly parts: readonly string[];
  readonly text: string;
}

/** The name of an object of a statement that may be about any kind. */
export function objectName(node: Node | undefined): ObjectName {
  if (node === undefined) return { parts: [], text: "?" };
  if ("List" in node) return named(textsOf(node.List.items));
  if ("String" in node) return named([node.String.sval ?? ""]);
  if ("TypeName" in node) return named(textsOf(node.TypeName.names).filter((text) => text !== "pg_catalog"));
  if ("ObjectWithArgs" in node) {
    const { ObjectWithArgs: one } = node;
    return { parts: textsOf(one.objname), text: functionText(one) };
  }
  if ("RangeVar" in node) return relationName(node.RangeVar);
  return { parts: [], text: "?" };
}

/** The name of a table. */
export function relationName(relation: RangeVar): ObjectName {
  const { schemaname, relname = "" } = relation;
  return { parts: schemaname === undefined ? [relname] : [schemaname, relname], text: relationText(relation) };
}

function named(parts: readonly string[]): ObjectName {
  return { parts, text: parts.join(".") };
}

/** Names in quotes for a message, such as `'a' and 'b'`. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(" and ");
}
