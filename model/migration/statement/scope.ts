import type { Created } from "./created.ts";
import type { Grammar } from "../grammar.ts";
import type { RuleName } from "../rule.ts";

/** What a statement is judged by besides itself. */
export interface Scope {
  readonly created: Created;
  readonly transaction: Transaction;
  readonly grammar: Grammar;
  /** Whether each file that waits for a lock must limit that itself. */
  readonly needsLockTimeout: boolean;
  /** The statement as it is written. */
  readonly text: string;
  /** Its place in the text that was parsed, in bytes. */
  readonly start: number;
}

/** The state of a migration's transaction. */
export interface Transaction {
  /** Whether a BEGIN, or a block, is open. */
  isOpen: boolean;
  /** Constraints that were added since the last COMMIT; a file without BEGIN is one transaction for most tools. */
  added: string[];
  /** How long a lock_timeout of the file holds; undefined if it has set none. */
  lockTimeout: "session" | "transaction" | undefined;
}

/** Something in a statement that a rule is about. */
export interface Found {
  readonly rule: RuleName;
  /** What the statement does, for the message. */
  readonly what: string;
  /** The line within the statement, from 0. @default 0 */
  readonly line?: number;
}
