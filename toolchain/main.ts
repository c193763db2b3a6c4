import { parseArgs } from "node:util";
import { guess } from "../model/guess.ts";
import { environmentExports } from "./exports.ts";
import { describeError, messageOf, UserError, type Problem } from "../model/problem.ts";
import { reportLines } from "./report.ts";
import type { Tool } from "./tool.ts";
import { attemptTools } from "./toolchain.ts";
import { allTools, deployTools, testTools } from "./tools.ts";

const usage = `usage: npm run toolchain                     installs the tools of a deployment
       npm run toolchain -- --tests          also installs the tools of npm test
       npm run toolchain -- <name> [<name>]  installs only these tools
       npm run --silent toolchain -- env     prints the exports for running pulumi in a shell of this checkout
names: ${allTools.map(({ name }) => name).join(", ")}`;

const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}

async function main(words: string[]): Promise<void> {
  const { values, positionals } = parse(words);
  if (values.help === true) return void say(usage);
  if (positionals[0] === "env") return void say(environmentExports());
  const started = performance.now();
  const { outcomes, problems } = await attemptTools(chosen(positionals, values.tests === true), say);
  for (const line of reportLines(outcomes, problems.length, performance.now() - started)) say(line);
  if (problems.length > 0) throw new UserError(problems);
}

function parse(words: string[]) {
  const options = { tests: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;
  try {
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    throw new UserError({ path: "toolchain", what: messageOf(error), todo: usage }, { usage: true });
  }
}

/** The tools that the command line names; by default those of a deployment. */
function chosen(names: readonly string[], tests: boolean): readonly Tool[] {
  if (names.length === 0) return tests ? [...deployTools, ...testTools] : deployTools;
  const known = new Map(allTools.map((tool) => [tool.name, tool]));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new UserError(
      unknown.map((name) => noSuchTool(name, [...known.keys()])),
      { usage: true },
    );
  return [...new Set(names.flatMap((name) => known.get(name) ?? []))];
}

function noSuchTool(name: string, known: readonly string[]): Problem {
  return { path: "toolchain", what: `no such tool, got '${name}'`, todo: guess(name, known) };
}
