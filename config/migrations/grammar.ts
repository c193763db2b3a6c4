import { isMap } from "../../model/json.ts";
import { walk } from "../../model/migration/calls.ts";
import { SyntaxFault, type BlockStatement, type Grammar } from "../../model/migration/grammar.ts";

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
      // The parser of PL/pgSQL gives no place.
      const position = error instanceof SqlError ? error.sqlDetails?.cursorPosition : undefined;
      throw new SyntaxFault(error.message, { position: position ?? 0 });
    }
  };
  return {
    // Postgres' parser has no statement for a text without one, and this library refuses the empty text.
    statements: (sql) => (sql === "" ? [] : explained(() => parseSync(sql).stmts ?? [])),
    tokens: (sql) =>
      sql === ""
        ? []
        : explained(() => scanSync(sql).tokens).map(({ start, end, tokenName }) => {
            return { start, end, isComment: tokenName === "SQL_COMMENT" || tokenName === "C_COMMENT" };
          }),
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

function blockStatements(tree: unknown): BlockStatement[] {
  const found: BlockStatement[] = [];
  walk(tree, (kind, part) => {
    const line = typeof part["lineno"] === "number" ? part["lineno"] : 1;
    const sql = queryOf(part, sqlFields[kind]);
    if (sql !== undefined) found.push({ line, sql, kind: "statement" });
    const dynamic = queryOf(part, dynamicFields[kind]);
    if (dynamic !== undefined) found.push({ line, sql: dynamic, kind: "dynamic" });
  });
  return found;
}

function queryOf(part: Readonly<Record<string, unknown>>, field: string | undefined): string | undefined {
  const expression = field === undefined ? undefined : part[field];
  const inner = isMap(expression) ? expression["PLpgSQL_expr"] : undefined;
  const query = isMap(inner) ? inner["query"] : undefined;
  return typeof query === "string" ? query : undefined;
}
