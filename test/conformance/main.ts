/** `npm run conformance`: checks that the plugins behave like the official ones, with programs on the real engine. */
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { UserError, describeError, messageOf } from "../../model/problem.ts";
import { reportLines } from "../../toolchain/report.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import { dockerEngine } from "../../toolchain/tools/docker-engine.ts";
import { runSuite } from "../run/suite.ts";
import { homeVariable } from "../pulumi/environment.ts";
import { makePluginHome } from "./plugin-folder.ts";

const usage = `usage: npm run conformance                        tests the plugins of this checkout
       npm run conformance -- --plugins <folder>  tests the plugins of a folder, and this checkout's for the others
       npm run conformance -- [--plugins <folder>] <word>…
                                                  runs only the test files whose path contains one of the words`;

const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}

async function main(words: string[]): Promise<number> {
  const { values, positionals } = parse(words);
  if (values.help === true) {
    say(usage);
    return 0;
  }
  const started = performance.now();
  const outcomes = await ensureTools([...deployTools, dockerEngine], say);
  for (const line of reportLines(outcomes, 0, performance.now() - started)) say(line);
  return await run(values.plugins, positionals);
}

async function run(folder: string | undefined, filters: readonly string[]): Promise<number> {
  const home = folder === undefined ? undefined : usePluginsOf(resolve(folder));
  try {
    return (await runSuite("conformance", filters)).succeeded ? 0 : 1;
  } finally {
    if (home !== undefined) rmSync(home, { recursive: true, force: true });
  }
}

function usePluginsOf(folder: string): string {
  const { home, taken } = makePluginHome(folder);
  say(`from ${folder}: ${taken.join(", ")}; the other plugins are those of this checkout`);
  process.env[homeVariable] = home;
  return home;
}

function parse(words: string[]) {
  const options = { plugins: { type: "string" }, help: { type: "boolean", short: "h" } } as const;
  try {
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    throw new UserError({ path: "conformance", what: messageOf(error), todo: usage }, { usage: true });
  }
}
