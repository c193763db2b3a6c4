import { judge } from "./statement/judge.ts";
import { commentsOf, readRemarks, waysBack, type Waiver } from "./comments.ts";
import { Created } from "./statement/created.ts";
import { SyntaxFault, type Grammar } from "./grammar.ts";
import { findingOf, type Finding } from "./rule.ts";
import type { Scope } from "./statement/scope.ts";
import { statementsOf, type Statement } from "./statement.ts";
import { SqlText } from "./text.ts";
import { allow } from "./waiver.ts";

/** A migration that no database has yet. */
export interface MigrationFile {
  readonly file: string;
  readonly text: string;
}

/** A migration file with what was found in it. */
export interface CheckedFile {
  readonly file: string;
  readonly findings: readonly Finding[];
  /** The stacks on which it does nothing. */
  readonly skipOn: readonly { readonly stack: string; readonly line: number }[];
  /** Waivers for rules of whole sets, which `set` allows. */
  readonly waivers: readonly Waiver[];
}

/** How migrations are checked. */
export interface CheckOptions {
  readonly grammar: Grammar;
  /** The stack that the migrations are for; undefined for all. */
  readonly stack?: string | undefined;
  /** Whether each file that waits for a lock must limit that itself. */
  readonly needsLockTimeout?: boolean;
}

/**
 * Finds what breaks the running version in the migrations of one release, in the order in which they run. Of what
 * an earlier one creates, a later one may do anything.
 */
export function checkMigrations(files: readonly MigrationFile[], options: CheckOptions): CheckedFile[] {
  const created = new Created();
  return files.map(({ file, text }) => {
    try {
      return { file, ...checkFile(text, created, options) };
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      return { file, findings: [syntaxFinding(text, error)], skipOn: [], waivers: [] };
    }
  });
}

/** The finding for text that is not SQL. */
function syntaxFinding(text: string, { message, place }: SyntaxFault): Finding {
  const before = Array.from(text)
    .slice(0, place.position ?? 0)
    .join("");
  const line = place.line ?? before.split("\n").length;
  const isPsql = text.split("\n")[line - 1]?.trimStart().startsWith("\\") === true;
  const todo = isPsql
    ? "leave out commands of psql; what they include cannot be checked"
    : "correct it; this is what the grammar of Postgres 18 says";
  return { rule: "syntax", level: "refused", line, what: `cannot be read as SQL: ${message}`, todo };
}

function checkFile(text: string, created: Created, options: CheckOptions): Omit<CheckedFile, "file"> {
  const { grammar, stack } = options;
  const whole = new SqlText(text);
  const comments = commentsOf(whole, grammar.tokens(text));
  const { waivers, skipOn, findings } = readRemarks(comments);
  // What does not run there creates nothing there, either.
  if (skipOn.some((one) => one.stack === stack)) return { findings, skipOn, waivers: [] };
  const statements = statementsOf(whole.without(waysBack(comments, whole.length)), grammar);
  const unwritten = comments.filter((comment) => comment.text.includes("THIS OPERATION CANNOT BE WRITTEN AS SQL"));
  const found = [
    ...judgeAll(statements, created, options),
    ...unwritten.map(({ line }) => findingOf("not-analysed", line, "an operation of Django is not written as SQL")),
  ];
  const judged = [...findings, ...allow(found, waivers, statements)];
  return { findings: judged.sort((a, b) => a.line - b.line), skipOn, waivers };
}

function judgeAll(statements: readonly Statement[], created: Created, options: CheckOptions): Finding[] {
  const { grammar, needsLockTimeout = false } = options;
  const transaction = { isOpen: false, added: [], lockTimeout: undefined };
  const found = statements.flatMap(({ node, text, line, start }) => {
    const scope: Scope = { created, transaction, grammar, needsLockTimeout, text, start };
    return withLine(line, () => judge(node, scope)).map(({ rule, what, line: within = 0 }) => {
      return findingOf(rule, line + within, what);
    });
  });
  // What a tool prints may be cut off. Whatever follows was not checked.
  const last = statements.at(-1)?.line ?? 1;
  return transaction.isOpen ? [...found, { ...unfinished, line: last }] : found;
}

const unfinished = {
  ...({ rule: "syntax", level: "refused" } as const),
  what: "is not whole: its transaction does not end",
  todo: "see why what printed it stopped, or add the COMMIT",
};

/** Gives a fault within a statement, such as a block, the line of the statement. */
function withLine<T>(line: number, task: () => T): T {
  try {
    return task();
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxFault("it is nested too deeply", { line });
    throw error instanceof SyntaxFault ? new SyntaxFault(error.message, { line }) : error;
  }
}
