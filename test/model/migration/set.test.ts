import { describe, expect, it } from "vitest";
import { loadGrammar } from "../../../config/migrations/grammar.ts";
import { checkSet, type MigrationSet, type SetOptions } from "../../../model/migration/set.ts";

const grammar = await loadGrammar();
const nothing: MigrationSet = { files: [], changed: [], deleted: [], back: [], programs: [] };

/** What is found in a set, each as `<file>: <state>` with the rules of its findings; those in brackets are waived. */
function found(set: Partial<MigrationSet>, options: Partial<SetOptions> = {}): string[] {
  return checkSet({ ...nothing, ...set }, { grammar, ...options }).map(({ file, state, findings }) => {
    const rules = findings.map(({ rule, waiver }) => (waiver === undefined ? rule : `(${rule})`));
    return [`${file}: ${state}`, ...rules].join(" ");
  });
}

const added = (text: string): MigrationSet["files"] => [{ file: "2.sql", text }];
const waiver = (rule: string): string => `-- slipway: allow ${rule}: it has run nowhere yet\n`;

describe("merged migrations (C4)", () => {
  it("are not changed", () => {
    expect(found({ changed: [{ file: "1.sql", text: "DROP TABLE a" }] })).toEqual(["1.sql: changed changed-migration"]);
    expect(found({ changed: [{ file: "1.py", text: "" }] })).toEqual(["1.py: changed changed-migration"]);
  });

  it("are not deleted", () => {
    expect(found({ deleted: ["1.sql"] })).toEqual(["1.sql: deleted deleted-migration"]);
  });

  it("may be changed with a waiver in them, and are then checked like new ones", () => {
    const text = `${waiver("changed-migration")}DROP TABLE a`;
    expect(found({ changed: [{ file: "1.sql", text }] })).toEqual(["1.sql: changed (changed-migration) drop-table"]);
  });

  it("may be changed and deleted with a waiver in a new one", () => {
    const text = `${waiver("deleted-migration, changed-migration")}CREATE TABLE a (b int)`;
    const set = { files: added(text), changed: [{ file: "1.py", text: "" }], deleted: ["1.sql"] };
    expect(found(set)).toEqual([
      "1.py: changed (changed-migration)",
      "1.sql: deleted (deleted-migration)",
      "2.sql: new",
    ]);
  });

  it("need no waiver where none is changed or deleted", () => {
    expect(found({ files: added(`${waiver("deleted-migration")}SELECT 1`) })).toEqual(["2.sql: new waiver"]);
  });
});

describe("the comment skip-on", () => {
  const text = "-- slipway: skip-on production, demo\nDROP TABLE a";
  const stacks = ["staging", "production", "demo"];

  it("leaves a file out for the stack that it names", () => {
    expect(found({ files: added(text) }, { stack: "production", stacks })).toEqual(["2.sql: skipped"]);
    expect(found({ files: added(text) }, { stack: "demo", stacks })).toEqual(["2.sql: skipped"]);
  });

  it("is no waiver for other stacks, or for all of them", () => {
    expect(found({ files: added(text) }, { stack: "staging", stacks })).toEqual(["2.sql: new drop-table"]);
    expect(found({ files: added(text) }, { stacks })).toEqual(["2.sql: new drop-table"]);
  });

  it("rejects a name that is no stack, and checks none outside of a project", () => {
    expect(found({ files: added(text) }, { stacks: ["staging", "demo"] })).toEqual(["2.sql: new drop-table waiver"]);
    expect(found({ files: added(text) })).toEqual(["2.sql: new drop-table"]);
  });

  it("lets a later file find an old table where the one that makes it is left out", () => {
    const files = [
      { file: "2.sql", text: "-- slipway: skip-on production\nCREATE TABLE a (b int)" },
      { file: "3.sql", text: "ALTER TABLE a DROP b" },
    ];
    expect(found({ files }, { stack: "staging", stacks })).toEqual(["2.sql: new", "3.sql: new"]);
    expect(found({ files }, { stack: "production", stacks })).toEqual(["2.sql: skipped", "3.sql: new drop-column"]);
  });
});

describe("files that no deployment runs (C4)", () => {
  it("are named, and not checked", () => {
    expect(found({ back: ["1.down.sql"], programs: ["1.py"] })).toEqual([
      "1.down.sql: leads back",
      "1.py: is a program",
    ]);
  });
});
