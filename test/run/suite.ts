import { mkdirSync, readFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { checkout, localDirectory } from "../../toolchain/paths.ts";

/**
 * Names of the vitest projects: `fast` needs only Node, `cases` Docker Compose, `host` runs the server's program on
 * this machine, `conformance` needs the real engine, `real` test servers.
 */
type SuiteName = "fast" | "cases" | "host" | "conformance" | "real";

/** The result of one suite. */
export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
  readonly succeeded: boolean;
}

const reportSchema = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });

/** Runs one suite, or the tests of it whose titles match, shows its output, and counts its tests. */
export async function runSuite(
  name: SuiteName,
  filters: readonly string[] = [],
  titles?: string,
): Promise<SuiteResult> {
  const folder = join(localDirectory, "test-results");
  mkdirSync(folder, { recursive: true });
  const report = join(folder, `${name}-${String(process.pid)}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const only = titles === undefined ? [] : [`--testNamePattern=${titles}`];
  const code = await run("vitest", ["run", ...projectsOf(name), ...reporters, ...only, ...filters]);
  const counts = readCounts(report);
  return { ...counts, succeeded: code === 0 && counts.failed === 0 && counts.passed > 0 };
}

function projectsOf(name: SuiteName): readonly string[] {
  return name === "fast" ? ["--project", "fast", "--project", "fast-alone"] : ["--project", name];
}

function run(command: string, words: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { cwd: checkout, env: toolEnvironment(withoutJob()), stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (code) => {
      resolve(code ?? 1);
    });
  });
}

/**
 * Our own environment without the variables of a CI job that runs the tests. Slipway's messages depend on these, so
 * each test sets its own.
 */
function withoutJob(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CI$|CI_|GITLAB_)/.test(name)));
}

/** Reads the counts of a report. A suite that crashed wrote none, and counts as one failure. */
function readCounts(report: string): { passed: number; failed: number } {
  try {
    const { numPassedTests, numFailedTests } = reportSchema.parse(JSON.parse(readFileSync(report, "utf8")));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
