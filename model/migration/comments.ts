import { isRule, ruleNames, type Finding, type RuleName } from "./rule.ts";
import { guess } from "../guess.ts";
import type { Token } from "./grammar.ts";
import type { SqlText } from "./text.ts";

/** A comment of a migration. */
export interface Comment {
  readonly text: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** What a comment allows. */
export interface Waiver {
  readonly rules: readonly RuleName[];
  readonly reason: string;
  readonly comment: Comment;
}

/** What the comments of a migration say to slipway. */
export interface Remarks {
  readonly waivers: readonly Waiver[];
  /** The stacks on which the migration does nothing. */
  readonly skipOn: readonly { readonly stack: string; readonly line: number }[];
  readonly findings: readonly Finding[];
}

/** The comments among tokens. */
export function commentsOf(sql: SqlText, tokens: readonly Token[]): Comment[] {
  return tokens
    .filter(({ isComment }) => isComment)
    .map(({ start, end }) => ({ text: sql.slice(start, end), line: sql.lineAt(start), start, end }));
}

/** Reads the comments that speak to slipway: `-- slipway: allow <rule>: <reason>` and `-- slipway: skip-on <stack>`. */
export function readRemarks(comments: readonly Comment[]): Remarks {
  const waivers: Waiver[] = [];
  const skipOn: { stack: string; line: number }[] = [];
  const findings: Finding[] = [];
  for (const comment of comments) {
    const [, words] = /^(?:--|\/\*)\s*slipway:\s*(.*?)\s*(?:\*\/)?$/s.exec(comment.text) ?? [];
    if (words === undefined) continue;
    const [, stacks] = /^skip-on[ :]\s*(\S.*)$/.exec(words) ?? [];
    if (stacks !== undefined) skipOn.push(...stacks.split(/[\s,]+/).map((stack) => ({ stack, line: comment.line })));
    else {
      const read = readWaiver(words, comment);
      if ("rules" in read) waivers.push(read);
      else findings.push(read);
    }
  }
  return { waivers, skipOn, findings };
}

const form = "write it as `slipway: allow <rule>: <reason>`, or `slipway: skip-on <stack>`";

function readWaiver(words: string, comment: Comment): Waiver | Finding {
  const { line } = comment;
  const [, list, reason = ""] = /^allow\s+([^:]*?)\s*(?::\s*(.*))?$/s.exec(words) ?? [];
  if (list === undefined || list === "") return waiverFault(line, `is not known, got '${words}'`, form);
  const names = list.split(/[\s,]+/);
  const unknown = names.find((name) => !isRule(name));
  if (unknown !== undefined)
    return waiverFault(line, `names no rule, got '${unknown}'`, guess(unknown, ruleNames, "see docs/data.md for them"));
  if (!/\S+\s+\S+/.test(reason))
    return waiverFault(line, `has no reason, got '${words}'`, "say why no version that runs needs it, after a colon");
  return { rules: names.filter(isRule), reason, comment };
}

/** The finding of a waiver that is wrong. */
export function waiverFault(line: number, what: string, todo: string): Finding {
  return { rule: "waiver", level: "refused", line, what: `the waiver ${what}`, todo };
}

const up = /^--\s*(migrate:up|\+goose\s+up|\+migrate\s+up|up migration)\b/i;
const down = /^--\s*(migrate:down|\+goose\s+down|\+migrate\s+down|down migration)\b/i;

/** The parts of a file that lead back, in the forms of dbmate, goose, sql-migrate and node-pg-migrate. */
export function waysBack(comments: readonly Comment[], length: number): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  let start: number | undefined;
  for (const { text, start: here, end } of comments) {
    if (down.test(text)) start ??= end;
    if (!up.test(text) || start === undefined) continue;
    parts.push({ start, end: here });
    start = undefined;
  }
  return start === undefined ? parts : [...parts, { start, end: length }];
}
