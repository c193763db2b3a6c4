import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runToEnd } from "../../../cli/commands/commands.ts";
import { checkout } from "../../../toolchain/paths.ts";

let folder: string;
let stdout: string;
let stderr: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-migrate-check-"));
  stdout = stderr = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => (stdout += String(text)) !== "");
  vi.spyOn(process.stderr, "write").mockImplementation((text) => (stderr += String(text)) !== "");
  vi.stubEnv("CI_MERGE_REQUEST_DIFF_BASE_SHA", undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const check = (...words: string[]): Promise<number> => runToEnd(["-C", folder, "migrate", "check", ...words]);
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

describe("slipway migrate check (C4)", () => {
  it("passes with 0, and tells what was allowed and warned of", async () => {
    write("1.sql", "-- slipway: allow drop-table: 2.4 has no baskets\nDROP TABLE baskets;\n");
    write("2.sql", "ALTER TABLE a ALTER b DROP NOT NULL");
    expect(await check("1.sql", "2.sql")).toBe(0);
    expect(stdout.split("\n")).toEqual([
      "allowed  1.sql:2: drop-table: table 'baskets' is dropped, which the running version may still use " +
        "(2.4 has no baskets)",
      "warning  2.sql:1: drop-not-null: column 'a.b' may be null, so the running version may read a null that the " +
        "new one writes; write no null before the running version is gone, unless it can read one",
      "2 new migrations, 0 problems, 1 warning, 1 allowed by a waiver",
      "",
    ]);
    expect(stderr).toBe("");
  });

  it("ends with 1, and lists all problems of all files", async () => {
    write("1.sql", "SELECT 1;\nDROP TABLE a;");
    write("2.sql", "DROP TABEL b;");
    expect(await check("1.sql", "2.sql")).toBe(1);
    expect(stdout).toBe("2 new migrations, 2 problems, 0 warnings, 0 allowed by a waiver\n");
    expect(stderr.split("\n")).toEqual([
      "the migrations have problems:",
      "  - 1.sql:2: drop-table: table 'a' is dropped, which the running version may still use; contract: release a " +
        "version that does not use it first, then do this with a waiver",
      '  - 2.sql:1: cannot be read as SQL: syntax error at or near "TABEL"; correct it; ' +
        "this is what the grammar of Postgres 18 says",
      "",
    ]);
  });

  it("prints all of it as one JSON document", async () => {
    write("1.sql", "DROP TABLE a");
    expect(await check("1.sql", "--json")).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 1,
      base: null,
      migrations: [{ file: "1.sql", state: "new", findings: [{ rule: "drop-table", level: "refused", line: 1 }] }],
      problems: [{ path: "1.sql:1" }],
    });
    expect(stderr).toBe("");
  });

  it("takes the base of a merge request from GitLab", async () => {
    const git = (...words: string[]): string =>
      execFileSync("git", ["-C", folder, "-c", "user.name=T", "-c", "user.email=t@example.com", ...words], {
        encoding: "utf8",
      });
    git("init", "--quiet", "--initial-branch", "main");
    write("1.sql", "DROP TABLE a");
    git("add", "--all");
    git("commit", "--quiet", "--message", "first");
    write("2.sql", "DROP TABLE b");
    vi.stubEnv("CI_MERGE_REQUEST_DIFF_BASE_SHA", git("rev-parse", "HEAD").trim());
    expect(await check(".")).toBe(1);
    expect(stderr).toContain("2.sql:1: drop-table: table 'b' is dropped");
    expect(stderr).not.toContain("1.sql:");
  });

  it("leaves out what skips the stack, and knows the stacks of the project", async () => {
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    write("Pulumi.staging.yaml", "config: {}\n");
    write("1.sql", "-- slipway: skip-on staging\nDROP TABLE a");
    expect(await check("--stack", "staging", "1.sql")).toBe(0);
    expect(stdout).toBe("1.sql: skipped\n0 new migrations, 0 problems, 0 warnings, 0 allowed by a waiver\n");
    write("1.sql", "-- slipway: skip-on stagign\nSELECT 1");
    expect(await check("1.sql")).toBe(1);
    expect(stderr).toContain("1.sql:1: waiver: skip-on names no stack, got 'stagign'; use one of staging");
    expect(await check("--stack", "demo", "1.sql")).toBe(1);
    expect(stderr).toContain("--stack: has no file Pulumi.demo.yaml, got 'demo'");
  });

  it("ends with 2 where nothing is named", async () => {
    expect(await check()).toBe(2);
    expect(stderr).toBe(
      "slipway migrate check: has nothing to check; name the folder of the migrations, their files, or `-` for stdin\n",
    );
  });
});

describe("slipway migrate check - (C4)", () => {
  const piped = (input: string): { status: number | null; stderr: string } =>
    spawnSync(join(checkout, "bin/slipway"), ["migrate", "check", "-"], { input, encoding: "utf8" });

  it("reads what a migration tool prints", () => {
    const { status, stderr: said } = piped("BEGIN;\n\nALTER TABLE a DROP COLUMN b;\n\nCOMMIT;\n");
    expect(status).toBe(1);
    expect(said).toContain("stdin:3: drop-column: column 'a.b' is dropped");
  });

  it("rejects what a tool that failed did not print", () => {
    const [empty, cut] = ["", "BEGIN;\nSELECT 1;\n"].map(piped);
    expect([empty?.status, cut?.status]).toEqual([1, 1]);
    expect(empty?.stderr).toContain("stdin: is empty; see why the program before it printed nothing");
    expect(cut?.stderr).toContain("stdin:2: is not whole: its transaction does not end");
  });
});

it("the grammar of Postgres is imported by one file, when migrations are checked", () => {
  const words = ["grep", "-lE", 'import\\("libpg-query"\\)|^import [^t].*"libpg-query"', "--", "*.ts", ":!test"];
  expect(execFileSync("git", words, { cwd: checkout, encoding: "utf8" })).toBe("config/migrations/grammar.ts\n");
  expect(readFileSync(join(checkout, "cli/commands/commands.ts"), "utf8")).not.toMatch(/^import .*migrate-check/m);
});
