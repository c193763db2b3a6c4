import { describe, expect, it } from "vitest";
import { loadGrammar } from "../../../config/migrations/grammar.ts";
import { checkMigrations, type CheckOptions } from "../../../model/migration/migration.ts";
import { ruleNames } from "../../../model/migration/rule.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../../toolchain/paths.ts";

const grammar = await loadGrammar();

/** What is found in one migration, each as `<line> <rule>`. */
function found(text: string, options: Partial<CheckOptions> = {}): string[] {
  const checked = checkMigrations([{ file: "1.sql", text }], { grammar, ...options });
  return checked.flatMap(({ findings }) => findings.map(({ line, rule }) => `${line} ${rule}`));
}

/** The message of the only finding. */
function message(text: string): string {
  const [{ findings: [first] } = { findings: [] }] = checkMigrations([{ file: "1.sql", text }], { grammar });
  return first === undefined ? "" : `${first.what}; ${first.todo}`;
}

describe("a migration (C4, D4)", () => {
  it.each([
    ["a view that reads by other rights", "ALTER VIEW v SET (security_invoker = true)", "privileges"],
    ["a merge that deletes", "MERGE INTO a USING b ON a.i = b.i WHEN MATCHED THEN DELETE", "data"],
    ["a limit that is none", "UPDATE a SET b = 1 WHERE i IN (SELECT i FROM a LIMIT ALL)", "data"],
    ["a limit on what is compared", "UPDATE a SET b = 1 WHERE i < (SELECT i FROM a LIMIT 1)", "data"],
    ["a deletion in a query", "WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone", "data"],
    ["a deletion that is explained", "EXPLAIN ANALYZE DELETE FROM a", "data"],
    ["a lock_timeout that a query switches off", "SELECT set_config('lock_timeout', '0', true)", "lock-timeout"],
    ["all settings taken back", "RESET ALL", "lock-timeout"],
    ["a lock that blocks writes", "LOCK a IN SHARE MODE", "table-lock"],
    ["a function in an assignment", "DO $$ DECLARE x int; BEGIN x := tidy(); END $$", "not-analysed"],
    ["a function in a condition", "DO $$ BEGIN IF tidy() THEN NULL; END IF; END $$", "not-analysed"],
    ["a loop over a text", "DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE q() LOOP END LOOP; END $$", "not-analysed"],
    ["a statement that is not known", "ALTER TEXT SEARCH CONFIGURATION c DROP MAPPING FOR word", "not-analysed"],
    ["tables that are moved together", "ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b", "not-analysed"],
    ["a program", "COPY a FROM PROGRAM 'curl example.com'", "not-analysed"],
    ["triggers switched off for the session", "SET session_replication_role = replica", "settings"],
    ["a column that is computed no more", "ALTER TABLE a ALTER b DROP EXPRESSION", "drop-default"],
    ["a check of an old column beside a new one", "ALTER TABLE a ADD n int, ADD CHECK (n < o) NOT VALID", "new-check"],
    ["a default that is null", "ALTER TABLE a ADD n int DEFAULT NULL NOT NULL", "required-column"],
    ["a constraint that is no longer deferred", "ALTER TABLE a ALTER CONSTRAINT b NOT DEFERRABLE", "new-check"],
    ["a transaction that does not end", "BEGIN; CREATE TABLE a (b int)", "syntax"],
  ])("is refused for %s", (_, text, rule) => {
    expect(found(text)).toEqual([`1 ${rule}`]);
  });

  it.each([
    ["a merge that only inserts", "MERGE INTO a USING b ON a.i = b.i WHEN NOT MATCHED THEN INSERT VALUES (1)"],
    ["a batch that a query names", "WITH b AS (SELECT i FROM a LIMIT 9) UPDATE a SET c = 1 FROM b WHERE a.i = b.i"],
    ["a batch by its places", "DELETE FROM a WHERE ctid = ANY (ARRAY(SELECT ctid FROM a WHERE old LIMIT 9))"],
    ["a lock that blocks no writes", "LOCK a IN ACCESS SHARE MODE"],
    ["a limit that a query sets", "SELECT set_config('lock_timeout', '2s', true)"],
    ["Postgres' own functions in a block", "DO $$ BEGIN IF to_regclass('a') IS NULL THEN RAISE 'no'; END IF; END $$"],
    ["a publication with one table more", "ALTER PUBLICATION p ADD TABLE a"],
    ["an index that is attached", "ALTER INDEX a ATTACH PARTITION b"],
    ["a constraint that may be deferred", "ALTER TABLE a ALTER CONSTRAINT b DEFERRABLE INITIALLY DEFERRED"],
    [
      "a constraint of a new column, by the name that Postgres gives it",
      "ALTER TABLE a ADD b int REFERENCES c DEFERRABLE; ALTER TABLE a ALTER CONSTRAINT a_b_fkey NOT DEFERRABLE",
    ],
    ["an empty text", ""],
    ["nothing but semicolons", ";;"],
  ])("passes with %s", (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it.each([
    ["a schema", "CREATE SCHEMA IF NOT EXISTS public; DROP TABLE public.a", "drop-table"],
    ["a table, and drops it", "CREATE TABLE IF NOT EXISTS a (b int); DROP TABLE a", "drop-table"],
    ["a table, and drops a column", "CREATE TABLE IF NOT EXISTS a (b int); ALTER TABLE a DROP b", "drop-column"],
    [
      "a table, and adds to it",
      "CREATE TABLE IF NOT EXISTS a (b int); ALTER TABLE a ADD c int NOT NULL",
      "required-column",
    ],
    ["a table, and empties it", "CREATE TABLE IF NOT EXISTS a (b int); TRUNCATE a", "data"],
    ["a column, and drops it", "ALTER TABLE a ADD IF NOT EXISTS b int; ALTER TABLE a DROP b", "drop-column"],
    ["a type in a block", "DO $$ BEGIN CREATE TYPE a AS ENUM (); END $$; DROP TYPE a", "drop-object"],
    ["a temporary table", "CREATE TEMP TABLE a (b int); DROP TABLE public.a", "drop-table"],
    ["a temporary table, and drops it twice", "CREATE TEMP TABLE a (b int); DROP TABLE a; DROP TABLE a", "drop-table"],
  ])("does not believe in what it creates only where it is missing, or elsewhere: %s", (_, text, rule) => {
    expect(found(text)).toEqual([`1 ${rule}`]);
  });

  it.each([
    ["an index", "CREATE TABLE IF NOT EXISTS a (b int); CREATE INDEX IF NOT EXISTS i ON a (b)"],
    [
      "a constraint",
      "CREATE TABLE IF NOT EXISTS a (b int); ALTER TABLE a ADD CHECK (b > 0), ENABLE ROW LEVEL SECURITY",
    ],
    ["rights", "CREATE TABLE IF NOT EXISTS a (b int); REVOKE ALL ON a FROM PUBLIC; ALTER TABLE a OWNER TO b"],
    ["a trigger", "CREATE TABLE IF NOT EXISTS a (b int); CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f()"],
    ["rows of a temporary table", "CREATE TEMP TABLE a (b int); UPDATE a SET b = 1; DROP TABLE a"],
  ])("adds to what it creates where it is missing: %s", (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it("knows Postgres' own functions from those of the same name in another schema", () => {
    expect(found("SELECT pg_catalog.set_config('search_path', 'a', false)")).toEqual([]);
    expect(found("SELECT app.format('x')")).toEqual(["1 not-analysed"]);
    expect(found("ALTER TABLE a ADD b timestamptz DEFAULT pg_catalog.now()")).toEqual([]);
    expect(found("ALTER TABLE a ADD b timestamptz DEFAULT app.now()")).toEqual(["1 table-lock"]);
  });

  it("is refused if nothing limits its wait for a lock, where that is asked for", () => {
    const adds = "ALTER TABLE a ADD b int;";
    const needs = { needsLockTimeout: true };
    expect(found(adds)).toEqual([]);
    expect(found(adds, needs)).toEqual(["1 lock-timeout"]);
    expect(found(`SET lock_timeout = '1s'; ${adds}`, needs)).toEqual([]);
    expect(found("CREATE TABLE a (b int); ALTER TABLE a ADD c int; CREATE INDEX ON a (b)", needs)).toEqual([]);
    expect(found(`BEGIN; SET LOCAL lock_timeout = '1s'; ${adds} COMMIT;\n${adds}`, needs)).toEqual(["2 lock-timeout"]);
    expect(found(`SELECT set_config('lock_timeout', '1s', false); ${adds}`, needs)).toEqual([]);
    expect(found("CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f()", needs)).toContain("1 lock-timeout");
  });

  it("says what is found, why, and the way by expand, migrate and contract", () => {
    expect(message("ALTER TABLE sales.orders RENAME total TO gross")).toBe(
      "column 'sales.orders.total' becomes 'gross', and the running version knows only the old name; expand: add a " +
        "column and write both; migrate: copy the rows; contract: drop the old one in a later release",
    );
    expect(message("DROP TABLE a, b.c")).toBe(
      "table 'a' and 'b.c' are dropped, which the running version may still use; contract: release a version that " +
        "does not use it first, then do this with a waiver",
    );
  });

  it("that is not SQL is refused in the words of Postgres, with its line", () => {
    expect(message("SELECT 1;\nALTER TABEL a ADD b int")).toContain(
      'cannot be read as SQL: syntax error at or near "TABEL"',
    );
    expect(found("SELECT 'ä😀';\n-- €\nALTER TABEL a ADD b int")).toEqual(["3 syntax"]);
    expect(found("SELECT 1;\nSELECT 'no end")).toEqual(["2 syntax"]);
    expect(found("SELECT 1;\n\nDO $$ BEGIN IF true THEN END $$")).toEqual(["3 syntax"]);
    expect(message("\\connect other")).toContain("leave out commands of psql");
  });

  it.each([3_000, 30_000])("that is nested too deeply is refused, and no defect: %s", (count) => {
    const text = `SELECT 1;\nSELECT ${Array.from({ length: count }, () => "'x'").join(" || ")};`;
    expect(found(text).filter((one) => !one.endsWith(" syntax"))).toEqual([]);
    expect(found("DROP TABLE a")).toEqual(["1 drop-table"]);
  });

  it("of a megabyte is read as a whole", () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `INSERT INTO a (b) VALUES (${index}, 'some text here');`);
    expect(found([...rows, "DROP TABLE a"].join("\n"))).toEqual(["20001 drop-table"]);
  });
});

describe("a waiver (C4)", () => {
  const dropped = "ALTER TABLE a DROP b;";

  it("is reported with its reason", () => {
    const text = `-- slipway: allow drop-column: 2.3, its last reader, is gone\n${dropped}`;
    const [checked] = checkMigrations([{ file: "1.sql", text }], { grammar });
    expect(checked?.findings).toMatchObject([{ rule: "drop-column", waiver: "2.3, its last reader, is gone" }]);
  });

  it.each([
    ["no reason", "allow drop-column", "the waiver has no reason, got 'allow drop-column'; say why no version"],
    [
      "one word as a reason",
      "allow drop-column: because",
      "the waiver has no reason, got 'allow drop-column: because'",
    ],
    [
      "a rule that does not exist",
      "allow drop-colum: it is gone",
      "names no rule, got 'drop-colum'; did you mean 'drop-column'",
    ],
    ["nothing to allow", "allow drop-table: it is gone", "finds nothing to allow, got 'drop-table'; remove it"],
    [
      "an unknown word",
      "permit drop-column: it is gone",
      "is not known, got 'permit drop-column: it is gone'; write it as",
    ],
  ])("is refused with %s", (_, words, says) => {
    expect(message(`-- slipway: ${words}\nCREATE TABLE a (b int);`)).toContain(says);
  });

  it("allows no syntax error, and no wrong waiver", () => {
    expect(message("-- slipway: allow syntax: it is right\nSELECT 1")).toContain("names no rule, got 'syntax'");
    expect(message("-- slipway: allow waiver: it is right\nSELECT 1")).toContain("names no rule, got 'waiver'");
  });
});

it("docs/data.md explains each rule", () => {
  const page = readFileSync(join(checkout, "docs/data.md"), "utf8");
  expect(ruleNames.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
