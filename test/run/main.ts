/**
 * `npm test`: prepares the tools and the images of test servers, runs the checks, then the suites on the real engine
 * and on real servers.
 */
import { ensureTools } from "../../toolchain/toolchain.ts";
import { describeError } from "../../model/problem.ts";
import { reportLines } from "../../toolchain/report.ts";
import { deployTools, testTools } from "../../toolchain/tools.ts";
import { runChecks } from "./checks.ts";
import { prepare } from "../hosts/servers.ts";
import { runSuite, type SuiteResult } from "./suite.ts";

const started = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

function minutes(milliseconds: number): string {
  return `${(milliseconds / 60_000).toFixed(1)} min`;
}

async function tools(): Promise<void> {
  const outcomes = await ensureTools([...deployTools, ...testTools], say);
  for (const line of reportLines(outcomes, 0, performance.now() - started)) say(line);
}

/** Runs all suites one after the other, also after a failure, so that one run reports everything. */
async function suites(images: Promise<void>): Promise<SuiteResult[]> {
  const results: SuiteResult[] = [];
  for (const [name, part] of [
    ["check", runChecks],
    ["cases", () => runSuite("cases")],
    ["host", () => runSuite("host")],
    ["conformance", () => images.then(() => runSuite("conformance"))],
    ["real", () => runSuite("real")],
  ] as const) {
    const begun = performance.now();
    const result = await part();
    say(`test: ${name} ${result.succeeded ? "passed" : "FAILED"} in ${minutes(performance.now() - begun)}`);
    results.push(result);
  }
  return results;
}

// Images wait for packages while Pulumi is built. If they cannot be made, the suites that need them report why, and the
// others run all the same.
const images = prepare({ say }).catch(() => undefined);
try {
  await tools();
  const results = await suites(images);
  const sum = (of: (result: SuiteResult) => number): number => results.reduce((total, result) => total + of(result), 0);
  say(`test: all parts ended after ${minutes(performance.now() - started)}`);
  say(`tests: ${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`);
  process.exitCode = results.every(({ succeeded }) => succeeded) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}
