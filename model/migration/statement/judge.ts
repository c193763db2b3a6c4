import type { Node } from "libpg-query";
import { judgeCode } from "./code.ts";
import { judgeDomain } from "./constraint.ts";
import { judgeCreation } from "./creation.ts";
import { changesIn, judgeData } from "./data.ts";
import { judgeDrop } from "./drop.ts";
import { judgeIndex } from "./indexes.ts";
import { judgeLock, waitsForLock } from "./lock.ts";
import { judgeRename } from "./rename.ts";
import { judgeRights } from "./rights.ts";
import type { Found, Scope } from "./scope.ts";
import { judgeTable } from "./table.ts";
import { SqlText } from "../text.ts";

const judges = [judgeDrop, judgeRename, judgeIndex, judgeLock, judgeRights, judgeCreation, judgeData] as const;

/** What breaks the running version in one statement. What is created is remembered. */
export function judge(node: Node, scope: Scope): Found[] {
  noteTransaction(node, scope);
  const isLate = waitsForLock(node, scope) && scope.transaction.lockTimeout === undefined && scope.needsLockTimeout;
  const late: Found[] = isLate
    ? [{ rule: "lock-timeout", what: "nothing limits how long this waits for its lock" }]
    : [];
  return [...judgeOne(node, scope), ...late];
}

function judgeOne(node: Node, scope: Scope): Found[] {
  if ("AlterTableStmt" in node) return judgeTable(node.AlterTableStmt, scope);
  if ("AlterDomainStmt" in node) return judgeDomain(node.AlterDomainStmt, scope);
  for (const one of judges) {
    const found = one(node, scope);
    if (found !== undefined) return found;
  }
  const code = judgeCode(node, scope, judgeText);
  if (code !== undefined) return [...code, ...("SelectStmt" in node ? changesIn(node, scope) : [])];
  if ("CopyStmt" in node && node.CopyStmt.is_program !== true) return [];
  const [kind = ""] = Object.keys(node);
  return [{ rule: "not-analysed", what: `this statement is not known to this check (${kind})` }];
}

/** What breaks the running version in a text of statements; lines count from its first, from 0. */
function judgeText(text: string, scope: Scope): Found[] {
  const sql = new SqlText(text);
  return scope.grammar.statements(text).flatMap(({ stmt, stmt_location: start = 0, stmt_len: size }) => {
    if (stmt === undefined) return [];
    const own = sql.slice(start, size === undefined ? undefined : start + size);
    const first = sql.lineAt(start) - 1;
    return judge(stmt, { ...scope, text: own, start }).map((one) => ({ ...one, line: first + (one.line ?? 0) }));
  });
}

function noteTransaction(node: Node, { transaction }: Scope): void {
  if (!("TransactionStmt" in node)) return;
  const { kind } = node.TransactionStmt;
  if (kind === "TRANS_STMT_BEGIN" || kind === "TRANS_STMT_START") transaction.isOpen = true;
  if (kind !== "TRANS_STMT_COMMIT" && kind !== "TRANS_STMT_ROLLBACK") return;
  transaction.isOpen = false;
  transaction.added = [];
  if (transaction.lockTimeout === "transaction") transaction.lockTimeout = undefined;
}
