/** How a finding counts: it refuses the migration, or it is only told. */
export type Level = "refused" | "warning";

/** What is the same in every finding of a rule. */
interface Rule {
  readonly level: Level;
  /** Why the running version cannot stand it; it follows what was found. */
  readonly why: string;
  /** The way in which the same is reached, by expand, migrate and contract. */
  readonly way: string;
}

const contract = "let this release stop using it, and do this in a later one, with a waiver that says since when";
const concurrently = "use CONCURRENTLY, in a migration without a transaction";
const checkLater = "add it with NOT VALID, and validate it in a migration of its own";

function refused(why: string, way: string): Rule {
  return { level: "refused", why, way };
}

/** What the check looks for. The names stand in waivers, so they stay. */
const rules = {
  "drop-table": refused("which the running version may still use", contract),
  "drop-column": refused("which the running version may still read and write", contract),
  "drop-object": refused("which the running version may still need", contract),
  "drop-constraint": refused("which ON CONFLICT and deletes of the running version may need", contract),
  "drop-index": refused("which queries and ON CONFLICT of the running version may need", contract),
  "drop-default": refused(
    "so inserts of the running version that leave it out fail or change",
    "keep the default until no version that runs relies on it",
  ),
  "rename-table": refused(
    "and the running version knows only the old name",
    "add the new one beside it (a view of the new name will do), and remove the old one in a later release",
  ),
  "rename-column": refused(
    "and the running version knows only the old name",
    "add a column, write both in this release, copy the rows, and drop the old column in a later release",
  ),
  "rename-object": refused(
    "and the running version may know it by its old name",
    "add one of the new name, and remove the old one in a later release",
  ),
  "rename-value": refused(
    "and the running version still writes and compares the old name",
    "add the new value, change the rows in batches, and leave the old value where it is",
  ),
  "required-column": refused(
    "and inserts of the running version do not do that",
    "give it a default, or add it as nullable and require it in a later release",
  ),
  "set-not-null": refused(
    "so writes of the running version may fail, and all rows are read under a lock that stops every query",
    "fill every row; in a later release add CHECK (… IS NOT NULL) NOT VALID, validate it, and then set NOT NULL",
  ),
  "change-type": refused(
    "so the running version meets values that it does not know, and the table may be written anew under a lock",
    "add a column of the new type, write both in this release, copy the rows, and drop the old one in a later release",
  ),
  "new-check": refused(
    "which writes of the running version may break; NOT VALID spares old rows only",
    "let this release keep to it, and add it in the next one, with a waiver",
  ),
  "new-unique": refused(
    "and the running version may write equal values",
    "let this release keep them different, and add it in the next one, with a waiver",
  ),
  "new-foreign-key": refused(
    "which inserts and deletes of the running version may break; NOT VALID spares old rows only",
    "let this release keep to it, and add it in the next one, with a waiver",
  ),
  "not-valid": refused("so all rows are read under a lock that stops writes", checkLater),
  "index-lock": refused("which stops writes, or all queries, until it is done", concurrently),
  "table-lock": refused(
    "under a lock that stops queries for as long as it takes",
    "do it in steps that lock for a moment (docs/data.md), or in a maintenance window",
  ),
  "lock-timeout": refused(
    "so all queries that come behind a waiting lock wait as long",
    "leave the limit that comes with the connection, or set one of at most 10 seconds",
  ),
  "concurrently-in-transaction": refused(
    "which Postgres refuses when it runs",
    "end the transaction first, or put it into a migration without one",
  ),
  data: refused(
    "which the running version reads, and locks every such row until the end of the transaction",
    "do it in batches outside of the migration, or with a LIMIT; delete only what no version that runs reads",
  ),
  "row-security": refused(
    "so the running version may no longer see or write its rows",
    "add the policies and let this release keep to them; switch them on in the next one, with a waiver",
  ),
  privileges: refused("which the running version may still need", contract),
  settings: refused(
    "and it holds for connections of the running version as well",
    "set it in the connections of the new version, or give the reason in a waiver",
  ),
  "replace-object": refused(
    "and the running version meets it at once",
    "make one of another name, and let this release use that; if it is new, leave out OR REPLACE",
  ),
  "not-analysed": refused(
    "and what it does is not known before it runs",
    "write the statements themselves, or give the reason in a waiver",
  ),
  "changed-migration": refused(
    "so databases that have it and those that do not become different",
    "put the merged text back, and write a new migration",
  ),
  "deleted-migration": refused(
    "so databases that have it and those that do not become different",
    "put it back; a waiver in a new migration file allows it, for example where migrations are squashed",
  ),
  "drop-not-null": {
    level: "warning",
    why: "so the running version may read a null that the new one writes",
    way: "write no null until the running version is gone, or can read one",
  },
  "new-trigger": {
    level: "warning",
    why: "and it runs in the writes of the running version",
    way: "see that it stands every write of that version",
  },
  "rename-index": {
    level: "warning",
    why: "and the constraint behind a unique one gets the new name as well",
    way: "see that no ON CONFLICT ON CONSTRAINT and no handler of errors names it",
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
