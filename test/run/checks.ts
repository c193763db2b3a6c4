import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { cacheDirectory, checkout } from "../../toolchain/paths.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { shellcheck } from "../../toolchain/tools/shellcheck.ts";
import { runSuite, type SuiteResult } from "./suite.ts";

interface Step {
  readonly name: string;
  readonly words: readonly [string, ...string[]];
}

/** It is beside the tools, since a CI keeps their folder and none of its checkouts. */
const prettierCache = join(cacheDirectory, "checks", "prettier");
const cached = ["--cache", "--cache-strategy", "content", "--cache-location", prettierCache];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs format, lint, types, shellcheck and the fast tests. All of them run, and none repairs anything. */
export async function runChecks(): Promise<SuiteResult> {
  await ensureTools([shellcheck], say);
  const steps = await runSteps();
  const tests = await runSuite("fast");
  return { ...tests, succeeded: tests.succeeded && steps };
}

/** Runs the steps two at a time, for a machine with two cores. */
async function runSteps(): Promise<boolean> {
  const waiting: Step[] = [
    { name: "lint", words: ["node", "test/run/lint.ts"] },
    { name: "types", words: ["tsc"] },
    { name: "format", words: ["prettier", "--check", "--log-level", "warn", ...cached, "."] },
    { name: "shellcheck", words: ["shellcheck", "--external-sources", ...shellScripts()] },
  ];
  const passed: boolean[] = [];
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) passed.push(await runStep(step));
  };
  await Promise.all([work(), work()]);
  return passed.every(Boolean);
}

function runStep({ name, words: [command, ...rest] }: Step): Promise<boolean> {
  const started = performance.now();
  const options = { cwd: checkout, env: toolEnvironment(), encoding: "utf8", maxBuffer: 1 << 26 } as const;
  return new Promise((resolve) => {
    execFile(command, rest, options, (error, stdout, stderr) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      say(`check: ${name} ${error === null ? "passed" : "FAILED"} in ${seconds} s`);
      if (error !== null) say([stdout, stderr, error.message].filter((text) => text.trim() !== "").join("\n"));
      resolve(error === null);
    });
  });
}

function shellScripts(): string[] {
  const files = ["*.sh", "*.bash", ".ci/run", "bin/slipway", "host/prepare/slipway-root"];
  const tracked = execFileSync("git", ["ls-files", ...files], { cwd: checkout, encoding: "utf8" });
  return tracked.split("\n").filter((file) => file !== "");
}
