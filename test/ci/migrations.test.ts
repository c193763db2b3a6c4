import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { runChild, type Ended } from "../../process/child.ts";
import { checkout } from "../../toolchain/paths.ts";

const jobSchema = z.object({
  script: z.array(z.string()),
  rules: z.array(z.object({ if: z.string() })),
  variables: z.object({ GIT_DEPTH: z.string() }),
});

function job(): z.output<typeof jobSchema> {
  const [, jobs] = parseAllDocuments(readFileSync(join(checkout, "ci/migrations.yml"), "utf8"));
  return z.record(z.string(), jobSchema).parse(jobs?.toJS())["check:migrations"] ?? expect.fail("there is no job");
}

/** Runs the job in a merge request that adds one migration. */
async function check(added: string): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-check-migrations-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const git = (...words: string[]): string =>
    execFileSync("git", ["-C", folder, "-c", "user.name=T", "-c", "user.email=t@example.com", ...words]).toString();
  git("init", "--quiet");
  mkdirSync(join(folder, "db"));
  writeFileSync(join(folder, "db/1.sql"), "DROP TABLE merged_long_ago;");
  git("add", "--all");
  git("commit", "--quiet", "--message", "first");
  const base = git("rev-parse", "HEAD").trim();
  writeFileSync(join(folder, "db/2.sql"), added);
  git("add", "--all");
  git("commit", "--quiet", "--message", "second");
  const inputs = { slipway: join(checkout, "bin/slipway"), migrations: "db" };
  const script = Object.entries(inputs).reduce(
    (text, [input, value]) => text.replaceAll(`$[[ inputs.${input} ]]`, value),
    job().script.join("\n"),
  );
  const env = { ...process.env, CI_MERGE_REQUEST_DIFF_BASE_SHA: base };
  return await runChild(["sh", "-e", "-c", script], { cwd: folder, env });
}

describe("C4: the job check:migrations (D4)", () => {
  it("refuses a merge request whose migration breaks the running version", async () => {
    const { code, stderr } = await check("ALTER TABLE orders DROP COLUMN total;");
    expect(code).toBe(1);
    expect(stderr).toContain("db/2.sql:1: drop-column: column 'orders.total' is dropped");
    expect(stderr).not.toContain("db/1.sql");
  });

  it("passes with one that only adds, and with one that has a waiver", async () => {
    expect(await check("ALTER TABLE orders ADD COLUMN channel text;")).toMatchObject({ code: 0 });
    const waived = "-- slipway: allow drop-column: 2.3, its last reader, is gone\nALTER TABLE orders DROP total;";
    expect(await check(waived)).toMatchObject({ code: 0 });
  });

  it("runs in merge requests alone, with the history that it compares with", () => {
    const { rules, variables } = job();
    expect(rules).toEqual([{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }]);
    expect(variables.GIT_DEPTH).toBe("0");
  });
});
