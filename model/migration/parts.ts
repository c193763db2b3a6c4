import type { Token } from "./grammar.ts";
import type { Scope } from "./scope.ts";
import { SqlText } from "./text.ts";

/**
 * The lines within a statement at which its commands begin: behind the name at a position, and behind each comma that
 * stands in no brackets.
 */
export function commandLines({ text, grammar }: Pick<Scope, "text" | "grammar">, name: number): number[] {
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
