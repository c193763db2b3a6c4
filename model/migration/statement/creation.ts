import type { CreateFunctionStmt, CreateTrigStmt, Node, RuleStmt, ViewStmt } from "libpg-query";
import { functionText, parameterTypes, relationName, relationText, textsOf } from "./name.ts";
import type { Found, Scope } from "./scope.ts";

/** Statements that make what the running version does not know, or that change nothing that lasts. */
const harmless = new Set([
  ...["CommentStmt", "SecLabelStmt", "TransactionStmt", "VariableShowStmt", "ConstraintsSetStmt", "DiscardStmt"],
  ...["CheckPointStmt", "NotifyStmt", "ListenStmt", "UnlistenStmt", "DeallocateStmt", "ClosePortalStmt", "FetchStmt"],
  ...["CreateExtensionStmt", "CreateStatsStmt", "AlterStatsStmt", "CreateCastStmt", "CreateOpClassStmt"],
  ...["CreateOpFamilyStmt", "CreateConversionStmt", "CreateRoleStmt", "CreateFdwStmt", "CreateForeignServerStmt"],
  ...["CreateUserMappingStmt", "CreatePublicationStmt", "CreateSubscriptionStmt", "CreatePLangStmt", "CreateAmStmt"],
  ...["CreateTransformStmt", "CreateTableSpaceStmt", "CreatedbStmt", "ImportForeignSchemaStmt"],
]);

/** Judges statements that create something; undefined for others. */
export function judgeCreation(node: Node, scope: Scope): Found[] | undefined {
  const { created } = scope;
  if ("CreateStmt" in node) {
    const { relation, if_not_exists: onlyIfMissing = false } = node.CreateStmt;
    if (relation !== undefined) created.addRelation(relation, onlyIfMissing);
    return [];
  }
  if ("CreateTableAsStmt" in node) {
    const { into, if_not_exists: onlyIfMissing = false } = node.CreateTableAsStmt;
    if (into?.rel !== undefined) created.addRelation(into.rel, onlyIfMissing);
    return [];
  }
  if ("ViewStmt" in node) return judgeView(node.ViewStmt, scope);
  if ("CreateFunctionStmt" in node) return judgeFunction(node.CreateFunctionStmt, scope);
  if ("CreateTrigStmt" in node) return judgeTrigger(node.CreateTrigStmt, scope);
  if ("RuleStmt" in node) return judgeRewriting(node.RuleStmt, scope);
  if ("CreateEventTrigStmt" in node) return [{ rule: "new-trigger", what: "an event trigger is added" }];
  if ("DefineStmt" in node && node.DefineStmt.replace === true)
    return [{ rule: "replace-object", what: `'${textsOf(node.DefineStmt.defnames).join(".")}' is replaced` }];
  return judgeNames(node, scope) ?? judgeChange(node);
}

/** Remembers what has nothing but a name. */
function judgeNames(node: Node, { created }: Scope): Found[] | undefined {
  if ("CreateSchemaStmt" in node)
    created.add("schema", [node.CreateSchemaStmt.schemaname ?? ""], node.CreateSchemaStmt.if_not_exists);
  else if ("CreateSeqStmt" in node && node.CreateSeqStmt.sequence !== undefined)
    created.addRelation(node.CreateSeqStmt.sequence, node.CreateSeqStmt.if_not_exists);
  else if ("CreateEnumStmt" in node) created.add("type", textsOf(node.CreateEnumStmt.typeName));
  else if ("CreateRangeStmt" in node) created.add("type", textsOf(node.CreateRangeStmt.typeName));
  else if ("CreateDomainStmt" in node) created.add("type", textsOf(node.CreateDomainStmt.domainname));
  else if ("CompositeTypeStmt" in node && node.CompositeTypeStmt.typevar !== undefined)
    created.add("type", relationName(node.CompositeTypeStmt.typevar).parts);
  else if ("CreateForeignTableStmt" in node && node.CreateForeignTableStmt.base?.relation !== undefined)
    created.addRelation(node.CreateForeignTableStmt.base.relation, node.CreateForeignTableStmt.base.if_not_exists);
  else if ("DefineStmt" in node) created.add("type", textsOf(node.DefineStmt.defnames));
  else return harmless.has(Object.keys(node)[0] ?? "") ? [] : undefined;
  return [];
}

function judgeView({ view, replace = false }: ViewStmt, { created }: Scope): Found[] {
  if (view === undefined) return [];
  if (replace && !created.hasRelation(view))
    return [{ rule: "replace-object", what: `view '${relationText(view)}' is replaced` }];
  created.addRelation(view);
  return [];
}

function judgeFunction({ funcname, parameters, replace = false }: CreateFunctionStmt, { created }: Scope): Found[] {
  const parts = textsOf(funcname);
  const types = parameterTypes(parameters).join(", ");
  const named = [...parts.slice(0, -1), `${parts.at(-1) ?? ""}(${types})`];
  if (replace && !created.has("function", named))
    return [{ rule: "replace-object", what: `function '${parts.join(".")}(${types})' is replaced` }];
  created.add("function", named);
  created.add("function", parts);
  return [];
}

function judgeTrigger({ relation, trigname = "", replace = false }: CreateTrigStmt, { created }: Scope): Found[] {
  if (relation === undefined || created.hasLikelyRelation(relation)) return [];
  const key = ["trigger", ...relationName(relation).parts, trigname];
  const isNew = created.has("other", key);
  created.add("other", key);
  const trigger = `trigger '${trigname}' of '${relationText(relation)}'`;
  if (replace && !isNew) return [{ rule: "replace-object", what: `${trigger} is replaced` }];
  return [{ rule: "new-trigger", what: `${trigger} is added` }];
}

function judgeRewriting({ relation, rulename = "" }: RuleStmt, { created }: Scope): Found[] {
  if (relation === undefined || created.hasRelation(relation)) return [];
  return [{ rule: "replace-object", what: `rule '${rulename}' rewrites queries of '${relationText(relation)}'` }];
}

/** Changes of functions, extensions and the like, whose effect is theirs alone to know. */
function judgeChange(node: Node): Found[] | undefined {
  if ("AlterFunctionStmt" in node) {
    const { func } = node.AlterFunctionStmt;
    return [{ rule: "replace-object", what: `function '${func === undefined ? "" : functionText(func)}' changes` }];
  }
  if ("AlterPublicationStmt" in node && node.AlterPublicationStmt.action === "AP_AddObjects") return [];
  if ("AlterExtensionStmt" in node)
    return [{ rule: "replace-object", what: `extension '${node.AlterExtensionStmt.extname ?? ""}' is updated` }];
  return undefined;
}
