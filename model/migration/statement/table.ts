import type { AlterTableCmd, AlterTableStmt, AlterTableType, Node, RangeVar } from "libpg-query";
import { judgeNewColumn } from "./column.ts";
import { constraintKey, judgeConstraint } from "./constraint.ts";
import type { Token } from "../grammar.ts";
import type { RuleName } from "../rule.ts";
import { SqlText } from "../text.ts";
import { relationText } from "./name.ts";
import type { Found, Scope } from "./scope.ts";

/** Commands that the running version does not notice, and that lock for a moment at most. */
const harmless = new Set<AlterTableType>([
  ...(["AT_SetStatistics", "AT_SetOptions", "AT_ResetOptions", "AT_SetStorage", "AT_SetCompression"] as const),
  ...(["AT_ClusterOn", "AT_DropCluster", "AT_ReplicaIdentity", "AT_SetRelOptions", "AT_ResetRelOptions"] as const),
  ...([
    "AT_EnableTrig",
    "AT_EnableTrigAll",
    "AT_EnableTrigUser",
    "AT_EnableAlwaysTrig",
    "AT_EnableReplicaTrig",
  ] as const),
  ...(["AT_NoForceRowSecurity", "AT_DisableRowSecurity", "AT_DetachPartitionFinalize"] as const),
  ...(["AT_EnableRule", "AT_EnableAlwaysRule", "AT_EnableReplicaRule"] as const),
]);

/** Commands that complete a new table, as tools do in a statement of its own. */
const additions = new Set<AlterTableType>([
  ...(["AT_AddConstraint", "AT_EnableRowSecurity", "AT_ForceRowSecurity", "AT_ChangeOwner"] as const),
]);

/** Commands that say all by their name: the rule, and what happens to `@`, the column, and `#`, the table. */
const simple: Partial<Record<AlterTableType, readonly [RuleName, string]>> = {
  AT_AlterColumnType: ["change-type", "column @ gets another type"],
  AT_SetExpression: ["change-type", "column @ is computed in another way"],
  AT_DropExpression: ["drop-default", "column @ is not computed any more"],
  AT_DropIdentity: ["drop-default", "column @ loses its numbers"],
  AT_DropNotNull: ["drop-not-null", "column @ may be null"],
  AT_EnableRowSecurity: ["row-security", "row security of # is switched on"],
  AT_ForceRowSecurity: ["row-security", "row security of # is switched on for its owner"],
  AT_DisableTrig: ["drop-object", "a trigger of # is switched off"],
  AT_DisableTrigAll: ["drop-object", "the triggers of # are switched off"],
  AT_DisableTrigUser: ["drop-object", "the triggers of # are switched off"],
  AT_DisableRule: ["drop-object", "a rule of # is switched off"],
  AT_ChangeOwner: ["privileges", "the owner of # changes, and with it rights of the owner before"],
  AT_SetLogged: ["table-lock", "# is rewritten"],
  AT_SetUnLogged: ["table-lock", "# is rewritten"],
  AT_SetTableSpace: ["table-lock", "# is moved to another tablespace"],
  AT_SetAccessMethod: ["table-lock", "# is rewritten"],
  AT_AddInherit: ["data", "rows of # become rows of another table"],
  AT_DropInherit: ["data", "rows of # are no rows of another table any more"],
  AT_AddOf: ["not-analysed", "# is bound to a type"],
  AT_DropOf: ["not-analysed", "# is freed from a type"],
};

/** Judges each command of an ALTER TABLE, or of one that is written like it. */
export function judgeTable(statement: AlterTableStmt, scope: Scope): Found[] {
  const { relation, cmds = [], objtype } = statement;
  if (relation === undefined) return [];
  const isLikelyNew = objtype !== "OBJECT_TYPE" && scope.created.hasLikelyRelation(relation);
  const commands = cmds.flatMap((node) => ("AlterTableCmd" in node ? [node.AlterTableCmd] : []));
  const isType = objtype === "OBJECT_TYPE";
  const isNew = isType
    ? scope.created.has("type", [relation.schemaname ?? "", relation.relname ?? ""].filter(Boolean))
    : scope.created.hasRelation(relation);
  if (isNew) return [];
  if (objtype === "OBJECT_INDEX" && commands.every(({ subtype }) => subtype === "AT_AttachPartition")) return [];
  const lines = commandLines(scope, (relation.location ?? scope.start) - scope.start);
  return commands.flatMap((command, index) => {
    const ofView = objtype === "OBJECT_VIEW" ? judgeViewOptions(relation, command) : undefined;
    if (isLikelyNew && command.subtype !== undefined && additions.has(command.subtype)) return [];
    const found = ofView ?? (isType ? judgeAttribute(relation, command) : judgeCommand(relation, command, scope));
    return found.map((one) => ({ ...one, line: lines[index] ?? 0 }));
  });
}

/** Options of a view say by whose rights it reads. */
function judgeViewOptions(relation: RangeVar, { subtype }: AlterTableCmd): Found[] | undefined {
  if (subtype !== "AT_SetRelOptions" && subtype !== "AT_ResetRelOptions") return undefined;
  return [
    { rule: "privileges", what: `the options of view '${relationText(relation)}' change, and with them its rights` },
  ];
}

function judgeAttribute(relation: RangeVar, { subtype, name = "" }: AlterTableCmd): Found[] {
  const type = relationText(relation);
  if (subtype === "AT_DropColumn") return [{ rule: "drop-column", what: `attribute '${type}.${name}' is dropped` }];
  return [{ rule: "change-type", what: `the attributes of type '${type}' change` }];
}

function judgeCommand(relation: RangeVar, command: AlterTableCmd, scope: Scope): Found[] {
  const { subtype, name = "", def } = command;
  if (subtype === undefined || harmless.has(subtype)) return [];
  const known = simple[subtype];
  const table = `'${relationText(relation)}'`;
  const column = `'${relationText(relation)}.${name}'`;
  if (known !== undefined) {
    const isOfNewColumn = known[1].includes("@") && scope.created.column(relation, name) !== undefined;
    const spares = isOfNewColumn && known[0] !== "change-type";
    return spares ? [] : [{ rule: known[0], what: known[1].replace("@", column).replace("#", table) }];
  }
  if (subtype === "AT_AddColumn" && def !== undefined && "ColumnDef" in def)
    return judgeNewColumn(relation, def.ColumnDef, scope, command.missing_ok);
  if (subtype === "AT_AddConstraint" && def !== undefined && "Constraint" in def)
    return judgeConstraint(relation, def.Constraint, scope);
  return (
    judgeColumnCommand(relation, command, scope) ??
    judgeConstraintCommand(relation, command, scope) ??
    judgePartition(command, table, scope) ?? [
      { rule: "not-analysed", what: `a command on ${table} (${subtype}) is not known to this check` },
    ]
  );
}

function judgeColumnCommand(
  relation: RangeVar,
  { subtype, name = "", def }: AlterTableCmd,
  { created }: Scope,
): Found[] | undefined {
  const column = `column '${relationText(relation)}.${name}'`;
  const fresh = created.column(relation, name);
  if (subtype === "AT_DropColumn") {
    created.removeColumn(relation, name);
    return fresh?.isCertain !== true ? [{ rule: "drop-column", what: `${column} is dropped` }] : [];
  }
  if (subtype === "AT_SetNotNull") return [{ rule: "set-not-null", what: `${column} becomes NOT NULL` }];
  if (subtype === "AT_CookedColumnDefault" || subtype === "AT_ColumnDefault") {
    if (fresh !== undefined) created.setColumn(relation, name, { ...fresh, hasDefault: def !== undefined });
    if (def !== undefined || fresh?.isNullable === true) return [];
    return [{ rule: "drop-default", what: `${column} loses its default` }];
  }
  if (subtype === "AT_AddIdentity" || subtype === "AT_SetIdentity") {
    const isAlways = JSON.stringify(def).includes(subtype === "AT_SetIdentity" ? '"ival":97' : '"generated_when":"a"');
    return isAlways && fresh === undefined
      ? [{ rule: "required-column", what: `${column} must never be given in an insert` }]
      : [];
  }
  return undefined;
}

function judgeConstraintCommand(
  relation: RangeVar,
  { subtype, name, def }: AlterTableCmd,
  { created, transaction }: Scope,
): Found[] | undefined {
  const change = def !== undefined && "ATAlterConstraint" in def ? def.ATAlterConstraint : {};
  const own = name ?? change.conname ?? "";
  const constraint = `constraint '${own}' of '${relationText(relation)}'`;
  const isNew = created.has("other", ["constraint", relationText(relation), own]);
  if (subtype === "AT_DropConstraint")
    return isNew ? [] : [{ rule: "drop-constraint", what: `${constraint} is dropped` }];
  if (subtype === "AT_ValidateConstraint") {
    if (!transaction.added.includes(constraintKey(relation, own))) return [];
    return [{ rule: "table-lock", what: `${constraint} is validated in the transaction that adds it` }];
  }
  if (subtype !== "AT_AlterConstraint") return undefined;
  if (change.alterEnforceability === true && change.is_enforced === true)
    return isNew ? [] : [{ rule: "new-check", what: `${constraint} is enforced from now on` }];
  const isChecked = change.alterDeferrability === true && change.deferrable !== true && !isNew;
  return isChecked ? [{ rule: "new-check", what: `${constraint} is checked by each statement from now on` }] : [];
}

function judgePartition({ subtype, def }: AlterTableCmd, table: string, scope: Scope): Found[] | undefined {
  if (def === undefined || !("PartitionCmd" in def)) return undefined;
  const { name, concurrent: isConcurrent = false } = def.PartitionCmd;
  const part = name === undefined ? "?" : relationText(name);
  if (subtype === "AT_AttachPartition") {
    if (name === undefined || scope.created.hasLikelyRelation(name)) return [];
    return [{ rule: "table-lock", what: `all rows of '${part}' are read to attach it to ${table}` }];
  }
  if (subtype !== "AT_DetachPartition") return undefined;
  const lock: Found = isConcurrent
    ? { rule: "concurrently-in-transaction", what: `'${part}' is detached CONCURRENTLY in a transaction` }
    : { rule: "table-lock", what: `'${part}' is detached from ${table}` };
  const isWrong = !isConcurrent || scope.transaction.isOpen;
  return [{ rule: "data", what: `rows of '${part}' leave ${table}` }, ...(isWrong ? [lock] : [])];
}

/** The tables that an ALTER TABLE refers to, for its locks. */
export function referredTables(cmds: readonly Node[] = []): RangeVar[] {
  return cmds.flatMap((node) => {
    const def = "AlterTableCmd" in node ? node.AlterTableCmd.def : undefined;
    return def !== undefined && "Constraint" in def && def.Constraint.pktable !== undefined
      ? [def.Constraint.pktable]
      : [];
  });
}

/**
 * The lines within a statement at which its commands begin: behind the name at a position, and behind each comma that
 * stands in no brackets.
 */
function commandLines({ text, grammar }: Pick<Scope, "text" | "grammar">, name: number): number[] {
  const sql = new SqlText(text);
  const tokens = grammar.tokens(text).filter(({ isComment }) => !isComment);
  const signOf = (token: Token | undefined): string =>
    token !== undefined && token.end === token.start + 1 ? sql.slice(token.start, token.end) : "";
  const lines: number[] = [];
  let depth = 0;
  let isNext = false;
  for (const [index, token] of tokens.entries()) {
    if (token.start < name) continue;
    if (isNext) lines.push(sql.lineAt(token.start) - 1);
    const sign = signOf(token);
    if (sign === "(" || sign === "[") depth += 1;
    if (sign === ")" || sign === "]") depth -= 1;
    const isEndOfName =
      lines.length === 0 && ![sign, signOf(tokens[index + 1])].some((one) => one === "." || one === "*");
    isNext = isEndOfName || (sign === "," && depth === 0);
  }
  return lines;
}
