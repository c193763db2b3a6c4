import type { AlterObjectSchemaStmt, Node, ObjectType, RenameStmt } from "libpg-query";
import type { Kind } from "./created.ts";
import { functionParts, nounOf } from "./drop.ts";
import { objectName, relationName, relationText } from "./name.ts";
import type { RuleName } from "../rule.ts";
import type { Found, Scope } from "./scope.ts";

const tables: readonly (ObjectType | undefined)[] = [
  ...(["OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE"] as const),
];
const functions: readonly (ObjectType | undefined)[] = [
  ...(["OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE", "OBJECT_AGGREGATE"] as const),
];
const types: readonly (ObjectType | undefined)[] = ["OBJECT_TYPE", "OBJECT_DOMAIN"];

/** Judges statements that give something another name or another schema; undefined for others. */
export function judgeRename(node: Node, scope: Scope): Found[] | undefined {
  if ("RenameStmt" in node) return judgeName(node.RenameStmt, scope);
  if ("AlterObjectSchemaStmt" in node) return judgeSchema(node.AlterObjectSchemaStmt, scope);
  if (!("AlterEnumStmt" in node)) return undefined;
  const { typeName, oldVal, newVal = "" } = node.AlterEnumStmt;
  const name = objectName({ List: { items: typeName ?? [] } });
  if (oldVal === undefined || scope.created.has("type", name.parts)) return [];
  return [{ rule: "rename-value", what: `value '${oldVal}' of '${name.text}' becomes '${newVal}'` }];
}

function judgeName(statement: RenameStmt, scope: Scope): Found[] {
  const { renameType, relation, object, subname = "", newname = "" } = statement;
  const { created } = scope;
  if (renameType === "OBJECT_COLUMN" && relation !== undefined) {
    const fresh = created.column(relation, subname);
    if (fresh !== undefined) {
      created.removeColumn(relation, subname);
      created.setColumn(relation, newname, fresh);
    }
    if (fresh?.isCertain === true || created.hasRelation(relation)) return [];
    return [{ rule: "rename-column", what: `column '${relationText(relation)}.${subname}' becomes '${newname}'` }];
  }
  if (renameType === "OBJECT_ATTRIBUTE" && relation !== undefined) {
    const type = relationName(relation);
    if (created.has("type", type.parts)) return [];
    return [{ rule: "rename-column", what: `attribute '${type.text}.${subname}' becomes '${newname}'` }];
  }
  const name =
    relation !== undefined ? relationName(relation) : object !== undefined ? objectName(object) : schemaName(subname);
  const isPart = relation !== undefined && !isRelation(renameType);
  const kind = relation !== undefined ? "relation" : kindOf(renameType);
  const parts = kind === "function" ? functionParts(name) : name.parts;
  if (created.has(kind, parts)) {
    if (!isPart && kind !== "function") {
      created.remove(kind, parts);
      created.add(kind, [...parts.slice(0, -1), newname]);
    }
    return [];
  }
  if (isPart && created.has("other", [nounOf(renameType).replace("tab", ""), name.text, subname])) return [];
  const text = isPart ? `${name.text}.${subname}` : name.text;
  return [
    { rule: ruleOf(renameType), what: `${nounOf(renameType).replace("tabcon", "con")} '${text}' becomes '${newname}'` },
  ];
}

function judgeSchema({ objectType, relation, object, newschema = "" }: AlterObjectSchemaStmt, scope: Scope): Found[] {
  const name = relation === undefined ? objectName(object) : relationName(relation);
  const kind = relation === undefined ? kindOf(objectType) : "relation";
  if (scope.created.has(kind, kind === "function" ? functionParts(name) : name.parts)) return [];
  return [{ rule: ruleOf(objectType), what: `${nounOf(objectType)} '${name.text}' moves to schema '${newschema}'` }];
}

function ruleOf(type: ObjectType | undefined): RuleName {
  if (type === "OBJECT_INDEX") return "rename-index";
  return tables.includes(type) ? "rename-table" : "rename-object";
}

function isRelation(type: ObjectType | undefined): boolean {
  return tables.includes(type) || type === "OBJECT_INDEX" || type === "OBJECT_SEQUENCE";
}

function kindOf(type: ObjectType | undefined): Kind {
  if (functions.includes(type)) return "function";
  if (types.includes(type)) return "type";
  return type === "OBJECT_SCHEMA" ? "schema" : "other";
}

function schemaName(name: string): { readonly parts: readonly string[]; readonly text: string } {
  return { parts: [name], text: name };
}
