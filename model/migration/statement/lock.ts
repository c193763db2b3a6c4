import type { Node, RangeVar, VariableSetStmt } from "libpg-query";
import { isList, isMap } from "../../json.ts";
import { walk } from "./calls.ts";
import { quoted, relationText, textsOf } from "./name.ts";
import type { Found, Scope } from "./scope.ts";
import { referredTables } from "./table.ts";

/** The longest lock_timeout that a migration may set, in milliseconds. */
const longest = 10_000;

/** The numbers of two modes of locks: the weakest that blocks writes, and the one that blocks every query. */
const share = 4;
const strongest = 8;

/** Judges statements that lock whole tables, and those about the limit of waiting; undefined for others. */
export function judgeLock(node: Node, scope: Scope): Found[] | undefined {
  const { created } = scope;
  const long = (relations: readonly RangeVar[], what: string): Found[] => {
    const old = relations.filter((relation) => !created.hasLikelyRelation(relation)).map(relationText);
    return old.length === 0 ? [] : [{ rule: "table-lock", what: `${quoted(old)} ${what}` }];
  };
  if ("LockStmt" in node) {
    const { relations, mode = strongest } = node.LockStmt;
    return mode < share ? [] : long(relationsOf(relations), "is locked");
  }
  if ("RefreshMatViewStmt" in node) {
    const { relation, concurrent = false } = node.RefreshMatViewStmt;
    return concurrent || relation === undefined ? [] : long([relation], "is filled without CONCURRENTLY");
  }
  if ("VacuumStmt" in node) {
    const { options = [], rels = [] } = node.VacuumStmt;
    const isFull = options.some((one) => "DefElem" in one && one.DefElem.defname === "full");
    const tables = rels.flatMap((one) =>
      "VacuumRelation" in one && one.VacuumRelation.relation !== undefined ? [one.VacuumRelation.relation] : [],
    );
    if (isFull && rels.length === 0) return [{ rule: "table-lock", what: "every table is rewritten" }];
    return isFull ? long(tables, "is rewritten") : [];
  }
  // CLUSTER of Postgres 18; newer grammars call it a kind of repacking.
  if ("ClusterStmt" in node) {
    const { relation } = node.ClusterStmt;
    if (relation === undefined) return [{ rule: "table-lock", what: "every clustered table is rewritten" }];
    return long([relation], "is rewritten");
  }
  return "VariableSetStmt" in node ? judgeSetting(node.VariableSetStmt, scope) : undefined;
}

function relationsOf(nodes: readonly Node[] = []): RangeVar[] {
  return nodes.flatMap((one) => ("RangeVar" in one ? [one.RangeVar] : []));
}

/** Judges what a migration sets for its own session. */
function judgeSetting(statement: VariableSetStmt, scope: Scope): Found[] {
  const { kind, name = "", args = [], is_local: isLocal = false } = statement;
  if (name === "search_path") scope.created.searchPath = args.flatMap((one) => constantOf(one) ?? []).map(String);
  if (name === "session_replication_role")
    return [{ rule: "settings", what: "triggers and foreign keys are switched off" }];
  if (kind === "VAR_RESET_ALL") return judgeLimit(undefined, isLocal, scope);
  if (name !== "lock_timeout") return [];
  const [value] = args;
  const isReset = kind === "VAR_RESET" || kind === "VAR_SET_DEFAULT" || value === undefined;
  return judgeLimit(isReset ? undefined : constantOf(value), isLocal, scope);
}

/** Judges settings that a query makes with set_config. */
export function judgeSetConfig(node: Node, scope: Scope): Found[] {
  const found: Found[] = [];
  walk(node, (kind, { funcname, args }) => {
    if (kind !== "FuncCall" || !JSON.stringify(funcname).includes('"set_config"') || !isList(args)) return;
    const [name, value] = args.map(textOfConstant);
    const isLocal = !JSON.stringify(args[2] ?? null).includes('"boolval":{}');
    if (name === "lock_timeout") found.push(...judgeLimit(value, isLocal, scope));
    if (name === "search_path") scope.created.searchPath = (value ?? "").split(/,\s*/);
  });
  return found;
}

function textOfConstant(node: unknown): string | undefined {
  const constant = isMap(node) ? node["A_Const"] : undefined;
  const text = isMap(constant) && isMap(constant["sval"]) ? constant["sval"]["sval"] : undefined;
  return typeof text === "string" ? text : undefined;
}

/** Judges a lock_timeout; undefined is none of the migration's own. */
function judgeLimit(value: string | number | undefined, isLocal: boolean, { transaction }: Scope): Found[] {
  const limit = value === undefined ? undefined : milliseconds(value);
  const holds = isLocal ? "transaction" : "session";
  transaction.lockTimeout = limit !== undefined && limit > 0 ? holds : undefined;
  if (limit === undefined) return [{ rule: "lock-timeout", what: "the limit of waiting for a lock is taken away" }];
  if (limit > 0 && limit <= longest) return [];
  return [{ rule: "lock-timeout", what: `the limit of waiting for a lock is ${limit === 0 ? "none" : "too long"}` }];
}

function constantOf(node: Node): string | number | undefined {
  if (!("A_Const" in node)) return undefined;
  const { sval, ival } = node.A_Const;
  return sval === undefined ? (ival === undefined ? undefined : (ival.ival ?? 0)) : (sval.sval ?? "");
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

function milliseconds(value: string | number): number | undefined {
  const [, count, unit = "ms"] = /^\s*([\d.]+)\s*([a-z]+)?\s*$/.exec(String(value)) ?? [];
  const factor = units[unit];
  return count === undefined || factor === undefined ? undefined : Number(count) * factor;
}

/** Tells whether a statement waits for a lock on a table of the running version that stops its writes. */
export function waitsForLock(node: Node, { created }: Scope): boolean {
  const isOld = (relation: RangeVar | undefined): boolean =>
    relation !== undefined && !created.hasLikelyRelation(relation);
  if ("AlterTableStmt" in node) {
    const { relation, cmds } = node.AlterTableStmt;
    return isOld(relation) || referredTables(cmds).some(isOld);
  }
  if ("RenameStmt" in node) return isOld(node.RenameStmt.relation);
  if ("CreateTrigStmt" in node) return isOld(node.CreateTrigStmt.relation);
  if ("IndexStmt" in node) return node.IndexStmt.concurrent !== true && isOld(node.IndexStmt.relation);
  if ("TruncateStmt" in node) return relationsOf(node.TruncateStmt.relations).some(isOld);
  if ("LockStmt" in node) return relationsOf(node.LockStmt.relations).some(isOld);
  if (!("DropStmt" in node)) return false;
  const { objects = [], removeType, concurrent = false } = node.DropStmt;
  const isTable = ["OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_INDEX"].includes(removeType ?? "");
  const names = objects.map((one) => ("List" in one ? textsOf(one.List.items) : []));
  return isTable && !concurrent && names.some((parts) => !created.hasLikely("relation", parts));
}
