/** `npm run check`: format, lint, types, shellcheck and the fast tests; all run, all that fail are printed, nothing is mended. */
import { execFile, execFileSync } from "node:child_process";
import { checkout } from "../toolchain/paths.ts";

interface Step {
  readonly name: string;
  readonly words: readonly [string, ...string[]];
}

interface Outcome {
  readonly step: Step;
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

function shellScripts(): string[] {
  const tracked = execFileSync("git", ["ls-files", "*.sh", ".ci/run"], { cwd: checkout, encoding: "utf8" });
  return tracked.split("\n").filter((file) => file !== "");
}

function steps(shellcheck: string): Step[] {
  return [
    { name: "tests", words: ["vitest", "run", "--project", "fast"] },
    { name: "lint", words: ["eslint", "--max-warnings", "0", "."] },
    { name: "types", words: ["tsc"] },
    { name: "format", words: ["prettier", "--check", "--log-level", "warn", "."] },
    { name: "shellcheck", words: [shellcheck, "--external-sources", ...shellScripts()] },
  ];
}

function run(step: Step): Promise<Outcome> {
  const started = performance.now();
  const [command, ...rest] = step.words;
  return new Promise((resolve) => {
    execFile(command, rest, { cwd: checkout, encoding: "utf8", maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const seconds = (performance.now() - started) / 1000;
      resolve({ step, passed: error === null, output: stdout + stderr + startFailure(error), seconds });
    });
  });
}

function startFailure(error: (Error & { code?: unknown }) | null): string {
  return error !== null && typeof error.code === "string" ? `${error.message}\n` : "";
}

function report({ step, passed, output, seconds }: Outcome): void {
  process.stdout.write(`check: ${step.name} ${passed ? "passed" : "FAILED"} in ${seconds.toFixed(1)} s\n`);
  if (!passed || step.name === "tests") process.stdout.write(output);
}

/** Runs the steps two at a time, since that is how many cores a small machine has. */
async function runAll(pending: Step[]): Promise<boolean> {
  const outcomes: boolean[] = [];
  const work = async (): Promise<void> => {
    for (let step = pending.shift(); step !== undefined; step = pending.shift()) {
      const outcome = await run(step);
      report(outcome);
      outcomes.push(outcome.passed);
    }
  };
  await Promise.all([work(), work()]);
  return outcomes.every(Boolean);
}

process.exitCode = (await runAll(steps("shellcheck"))) ? 0 : 1;
