import { isMap } from "../../model/json.ts";
import { walk } from "../../model/migration/statement/calls.ts";
import { SyntaxFault, type BlockStatement, type Grammar, type Token } from "../../model/migration/grammar.ts";

/**
 * Loads the grammar of Postgres. It is a WebAssembly of 1.7 MB, which takes a tenth of a second, so only what checks
 * migrations imports it.
 */
export async function loadGrammar(): Promise<Grammar> {
  const { loadModule, parseSync, parsePlPgSQLSync, scanSync, SqlError } = await import("libpg-query");
  await loadModule();
  const explained = <T>(task: () => T): T => {
    try {
      return task();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof RangeError) throw new SyntaxFault("it is nested too deeply", { position: 0 });
      // The parser of PL/pgSQL gives no place.
      const position = error instanceof SqlError ? error.sqlDetails?.cursorPosition : undefined;
      throw new SyntaxFault(error.message, { position: position ?? 0 });
    }
  };
  const tokensOf = (sql: string): Token[] => {
    try {
      return scanSync(sql).tokens.map(({ start, end, tokenName }) => {
        return { start, end, isComment: tokenName === "SQL_COMMENT" || tokenName === "C_COMMENT" };
      });
    } catch (error) {
      parseSync(sql); // its error names the place as well
      throw error;
    }
  };
  return {
    // Postgres' parser has no statement for a text without one, and this library refuses the empty text.
    statements: (sql) => (sql === "" ? [] : explained(() => parseSync(sql).stmts ?? [])),
    tokens: (sql) => (sql === "" ? [] : explained(() => tokensOf(sql))),
    block: (statement) => blockStatements(explained(() => parsePlPgSQLSync(statement))),
  };
}

/** The kinds of statements that hold SQL, each with the field that does. */
const sqlFields: Readonly<Record<string, string>> = {
  PLpgSQL_stmt_execsql: "sqlstmt",
  PLpgSQL_stmt_perform: "expr",
  PLpgSQL_stmt_call: "expr",
  PLpgSQL_stmt_fors: "query",
};
const dynamicFields: Readonly<Record<string, string>> = {
  PLpgSQL_stmt_dynexecute: "query",
  PLpgSQL_stmt_dynfors: "query",
  PLpgSQL_stmt_open: "dynquery",
};

/** Fields of further statements that hold an expression. */
const expressionFields = ["expr", "cond", "lower", "upper", "step"];

/** An assignment without what it assigns to. */
function withoutTarget(expression: string): string {
  return expression.replace(/^[\w."[\]]+\s*:?=\s*/, "");
}

function blockStatements(tree: unknown): BlockStatement[] {
  const found: BlockStatement[] = [];
  walk(tree, (kind, part) => {
    const line = typeof part["lineno"] === "number" ? part["lineno"] : 1;
    const sql = queryOf(part, sqlFields[kind]);
    if (sql !== undefined) found.push({ line, sql, kind: "statement" });
    const dynamic = queryOf(part, dynamicFields[kind]);
    if (dynamic !== undefined) found.push({ line, sql: dynamic, kind: "dynamic" });
    const computed = expressionFields.flatMap((field) => queryOf(part, field) ?? []);
    if (sql === undefined && dynamic === undefined)
      found.push(...computed.map((one) => ({ line, sql: withoutTarget(one), kind: "expression" as const })));
  });
  return found;
}

function queryOf(part: Readonly<Record<string, unknown>>, field: string | undefined): string | undefined {
  const expression = field === undefined ? undefined : part[field];
  const inner = isMap(expression) ? expression["PLpgSQL_expr"] : undefined;
  const query = isMap(inner) ? inner["query"] : undefined;
  return typeof query === "string" ? query : undefined;
}
