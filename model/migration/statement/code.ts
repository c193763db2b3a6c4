import type { DoStmt, Node, RawStmt } from "libpg-query";
import { callsOf } from "./calls.ts";
import { SyntaxFault, type BlockStatement } from "../grammar.ts";
import { judgeSetConfig } from "./lock.ts";
import type { Found, Scope } from "./scope.ts";

/** Functions of Postgres that a migration calls in a query of its own, and that change nothing of the application. */
const harmless = new Set([
  ...["set_config", "current_setting", "setval", "nextval", "currval", "lastval"],
  ...["pg_get_serial_sequence", "pg_advisory_lock", "pg_advisory_xact_lock", "pg_advisory_unlock"],
  ...["pg_try_advisory_lock", "pg_notify", "pg_try_advisory_xact_lock", "pg_advisory_unlock_all"],
  ...["pg_sleep", "hashtext", "hashtextextended", "now", "clock_timestamp", "statement_timestamp"],
  ...["version", "current_database", "current_schema", "date_trunc", "count", "max", "min", "sum"],
  ...["avg", "bool_or", "bool_and", "array_agg", "string_agg", "json_agg", "jsonb_agg"],
  ...["to_regclass", "to_regtype", "to_regproc", "pg_typeof", "obj_description", "col_description"],
  ...["format", "format_type", "has_table_privilege", "has_column_privilege", "has_schema_privilege"],
  ...["pg_has_role", "pg_get_constraintdef", "pg_get_indexdef", "pg_get_viewdef"],
  ...["pg_get_functiondef", "quote_ident", "quote_literal", "lower", "upper", "length", "concat"],
  ...["concat_ws", "substring", "left", "right", "trim", "btrim", "replace", "coalesce", "nullif"],
  ...["greatest", "least", "round", "floor", "ceil", "abs", "mod", "unnest", "generate_series"],
  ...["array_length", "cardinality", "jsonb_array_elements", "jsonb_each", "row_number", "rank"],
  ...["to_char", "md5", "gen_random_uuid", "uuid_generate_v4", "pg_column_size", "pg_relation_size"],
  ...["pg_total_relation_size", "array_append", "array_prepend", "array_remove", "array_position"],
  ...["array_to_string", "string_to_array", "strpos", "starts_with", "split_part", "lpad", "rpad"],
  ...["quote_nullable", "jsonb_typeof", "jsonb_object_keys", "row_to_json", "pg_table_is_visible"],
  ...["pg_backend_pid", "txid_current", "pg_is_in_recovery", "exists", "regexp_replace"],
]);

/** Judges the statements of a text; the lines of what was found count from its first line. */
export type JudgeText = (text: string, scope: Scope) => Found[];

/** Judges statements that run code; undefined for others. */
export function judgeCode(node: Node, scope: Scope, judgeText: JudgeText): Found[] | undefined {
  if ("DoStmt" in node) return judgeBlock(node.DoStmt, scope, judgeText);
  if ("CallStmt" in node) return [{ rule: "not-analysed", what: "a procedure is called" }];
  if ("ExecuteStmt" in node) return [{ rule: "not-analysed", what: "a prepared statement is run" }];
  if ("LoadStmt" in node) return [{ rule: "not-analysed", what: "a library is loaded" }];
  if (!("SelectStmt" in node)) return undefined;
  const { rel } = node.SelectStmt.intoClause ?? {};
  if (rel !== undefined) scope.created.addRelation(rel);
  const unknown = callsOf(node).filter((name) => !harmless.has(name));
  const calls: Found[] =
    unknown.length === 0 ? [] : [{ rule: "not-analysed", what: `function '${unknown[0] ?? ""}' is called` }];
  return [...calls, ...judgeSetConfig(node, scope)];
}

function judgeBlock({ args = [] }: DoStmt, scope: Scope, judgeText: JudgeText): Found[] {
  const options = args.flatMap((one) => ("DefElem" in one ? [one.DefElem] : []));
  const valueOf = (name: string): string => {
    const value = options.find(({ defname }) => defname === name)?.arg;
    return value !== undefined && "String" in value ? (value.String.sval ?? "") : "";
  };
  if (!["", "plpgsql"].includes(valueOf("language").toLowerCase()))
    return [{ rule: "not-analysed", what: `a block in the language '${valueOf("language")}' is run` }];
  // The lines of a block count from the line on which its text begins.
  const before = scope.text.slice(0, Math.max(0, scope.text.indexOf(valueOf("as"))));
  const first = before.split("\n").length - 1;
  const inside: Scope = { ...scope, transaction: { ...scope.transaction, isOpen: true } };
  // A block may run a statement, or not, or go on after it failed.
  scope.created.isConditional = true;
  try {
    return scope.grammar.block(scope.text).flatMap((statement) => {
      const found = judgeStatement(statement, inside, judgeText);
      return found.map((one) => ({ ...one, line: first + statement.line - 1 + (one.line ?? 0) }));
    });
  } finally {
    scope.created.isConditional = false;
  }
}

function judgeStatement({ sql, kind }: BlockStatement, scope: Scope, judgeText: JudgeText): Found[] {
  if (kind === "statement") return judgeText(sql, { ...scope, text: sql });
  if (kind === "expression") return judgeText(`SELECT ${sql}`, { ...scope, text: `SELECT ${sql}` });
  const text = constantText(scope.grammar.statements(`SELECT ${sql}`));
  if (text === undefined) return [{ rule: "not-analysed", what: "a text that is made at run time is run" }];
  try {
    return judgeText(text, { ...scope, text });
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    return [{ rule: "not-analysed", what: `a text is run that is no SQL (${error.message})` }];
  }
}

/** The text of an expression that is nothing but a text. */
function constantText([statement]: readonly RawStmt[]): string | undefined {
  const query = statement?.stmt;
  if (query === undefined || !("SelectStmt" in query)) return undefined;
  const [target] = query.SelectStmt.targetList ?? [];
  const value = target !== undefined && "ResTarget" in target ? target.ResTarget.val : undefined;
  return value !== undefined && "A_Const" in value ? value.A_Const.sval?.sval : undefined;
}
