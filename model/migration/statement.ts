import type { Node } from "libpg-query";
import type { Grammar } from "./grammar.ts";
import { SqlText } from "./text.ts";

/** A statement of a migration, without the comments above it. */
export interface Statement {
  readonly node: Node;
  readonly text: string;
  readonly line: number;
  /** Its ends, in bytes, without the semicolon. */
  readonly start: number;
  readonly end: number;
  readonly lastLine: number;
}

/** The statements of a text. */
export function statementsOf(text: string, grammar: Grammar): Statement[] {
  const sql = new SqlText(text);
  return grammar.statements(text).flatMap(({ stmt, stmt_location: at = 0, stmt_len: size }): Statement[] => {
    if (stmt === undefined) return [];
    const words = grammar.tokens(sql.slice(at, size === undefined ? undefined : at + size));
    const own = words.filter(({ isComment }) => !isComment);
    const start = at + (own[0]?.start ?? 0);
    const end = at + (own.at(-1)?.end ?? 0);
    return [
      { node: stmt, text: sql.slice(start, end), line: sql.lineAt(start), start, end, lastLine: sql.lineAt(end) },
    ];
  });
}
