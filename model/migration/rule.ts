/** How a finding counts: it refuses the migration, or it is only told. */
export type Level = "refused" | "warning";

/** What is the same in every finding of a rule. */
interface Rule {
  readonly level: Level;
  /** Why it breaks or blocks the running version; it follows what was found. */
  readonly why: string;
  /** The way to the same end: in the phases expand, migrate and contract where the rule is about compatibility. */
  readonly way: string;
}

const contract = "contract: release a version that does not use it first, then do this with a waiver";
const copy =
  "expand: add a column and write both; migrate: copy the rows; contract: drop the old one in a later release";
const keepFirst = "expand: release a version that keeps to it; contract: add it in a later release, with a waiver";

function refused(why: string, way: string): Rule {
  return { level: "refused", why, way };
}

/** What the check looks for. The names are in waivers, so they stay. */
const rules = {
  "drop-table": refused("which the running version may still use", contract),
  "drop-column": refused("which the running version may still read and write", contract),
  "drop-object": refused("which the running version may still need", contract),
  "drop-constraint": refused("which ON CONFLICT and deletes of the running version may need", contract),
  "drop-index": refused("which queries and ON CONFLICT of the running version may need", contract),
  "drop-default": refused(
    "so inserts of the running version that leave it out fail or change",
    "contract: drop it in a later release, when no running version relies on it",
  ),
  "rename-table": refused(
    "and the running version knows only the old name",
    "expand: give the new version a view of the new name; contract: rename it in a later release, with a waiver",
  ),
  "rename-column": refused("and the running version knows only the old name", copy),
  "rename-object": refused(
    "and the running version may know it by its old name",
    "expand: add one of the new name; contract: remove the old one in a later release, with a waiver",
  ),
  "rename-value": refused(
    "and the running version still writes and compares the old name",
    "expand: add the new value; migrate: change the rows in batches; leave the old value where it is",
  ),
  "required-column": refused(
    "which inserts of the running version do not do",
    "expand: give it a default, or make it nullable; contract: require it in a later release",
  ),
  "set-not-null": refused(
    "so writes of the running version may fail, and all rows are read under a lock that blocks every query",
    "migrate: fill every row; contract: add CHECK (… IS NOT NULL) NOT VALID, validate it, and only then set NOT NULL",
  ),
  "change-type": refused("so the running version gets other values, and all rows may be rewritten under a lock", copy),
  "new-check": refused("which writes of the running version may violate; NOT VALID skips only old rows", keepFirst),
  "new-unique": refused("and the running version may write equal values", keepFirst),
  "new-foreign-key": refused(
    "which inserts and deletes of the running version may violate; NOT VALID skips only old rows",
    keepFirst,
  ),
  "not-valid": refused(
    "so all rows are read under a lock that blocks writes",
    "add the constraint with NOT VALID in a statement of its own, and validate it in a later migration",
  ),
  "index-lock": refused(
    "which blocks writes, or all queries, until it is done",
    "use CONCURRENTLY, in a migration without a transaction; a unique constraint then takes the index (USING INDEX)",
  ),
  "table-lock": refused(
    "under a lock that blocks queries for as long as it takes",
    "use steps that lock only for a moment (docs/data.md), or a maintenance window",
  ),
  "lock-timeout": refused(
    "and every query behind a waiting lock waits as well",
    "leave the limit that comes with the connection, or set one of at most 10 seconds",
  ),
  "concurrently-in-transaction": refused(
    "which Postgres refuses when it runs",
    "end the transaction first, or put it into a migration without one",
  ),
  data: refused(
    "which the running version reads, and each row stays locked until the transaction ends",
    "migrate: change rows in batches outside of the migration, or with a LIMIT; contract: delete with a waiver",
  ),
  "row-security": refused(
    "so the running version may no longer see or write its rows",
    "expand: release a version that sets what the policies need; contract: do this in a later release, with a waiver",
  ),
  privileges: refused("which the running version may still need", contract),
  settings: refused(
    "and connections of the running version get it as well",
    "set it in the connections of the new version, or give the reason in a waiver",
  ),
  "replace-object": refused(
    "and the running version gets the new one at once",
    "expand: add one of another name, and use it in this release; if it is new, leave out OR REPLACE",
  ),
  "not-analysed": refused(
    "and what it does is not known before it runs",
    "write the statements themselves, or give the reason in a waiver",
  ),
  "changed-migration": refused(
    "so databases that have it differ from those that do not",
    "put the merged text back, and write a new migration",
  ),
  "deleted-migration": refused(
    "so databases that have it differ from those that do not",
    "put it back; if migrations were squashed, allow it by a waiver in a new one",
  ),
  "drop-not-null": {
    level: "warning",
    why: "so the running version may read a null that the new one writes",
    way: "write no null before the running version is gone, unless it can read one",
  },
  "new-trigger": {
    level: "warning",
    why: "and it runs in the writes of the running version",
    way: "make sure that no write of that version fails by it",
  },
  "rename-index": {
    level: "warning",
    why: "and the constraint of a unique index gets the new name as well",
    way: "make sure that no ON CONFLICT ON CONSTRAINT and no error handler uses the old name",
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** The name of a rule. */
export type RuleName = keyof typeof rules;

/** The names of all rules. */
export const ruleNames: readonly string[] = Object.keys(rules);

/** Tells whether a text is the name of a rule. */
export function isRule(name: string): name is RuleName {
  return Object.hasOwn(rules, name);
}

/** One thing in a migration file, by the words of its rule. */
export interface Finding {
  /** `syntax` and `waiver` are no rules, and no waiver allows them. */
  readonly rule: RuleName | "syntax" | "waiver";
  readonly level: Level;
  readonly line: number;
  readonly what: string;
  readonly todo: string;
  /** The reason of the waiver that allows it. */
  readonly waiver?: string;
}

/** The finding of a rule; `subject` says what the migration does. */
export function findingOf(rule: RuleName, line: number, subject: string): Finding {
  const { level, why, way } = rules[rule];
  return { rule, level, line, what: `${subject}, ${why}`, todo: way };
}
