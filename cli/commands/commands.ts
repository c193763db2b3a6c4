import { guess } from "../../model/guess.ts";
import { UserError } from "../../model/problem.ts";
import { readCommandLine } from "../command-line.ts";
import { print } from "../output.ts";
import { keyVariable, observeKeyVariable } from "../ssh/private-key.ts";
import type { Command } from "./command.ts";

/**
 * Every command by its name, in the order of the help. Each is loaded when it is needed: loading all takes longer than
 * most commands need to start.
 */
const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ["up", async () => (await import("./operation.ts")).up],
  ["preview", async () => (await import("./operation.ts")).preview],
  ["refresh", async () => (await import("./operation.ts")).refresh],
  ["destroy", async () => (await import("./operation.ts")).destroy],
  ["plan", async () => (await import("./plan.ts")).plan],
  ["render", async () => (await import("./render.ts")).render],
  ["lock", async () => (await import("./lock.ts")).lock],
  ["release", async () => (await import("./release.ts")).release],
  ["drift", async () => (await import("./drift.ts")).drift],
  ["new", async () => (await import("./new.ts")).newStack],
  ["init", async () => (await import("./init.ts")).init],
  ["env check", async () => (await import("./env-check.ts")).envCheck],
  ["env init", async () => (await import("./env-init.ts")).envInit],
  ["env from-ci", async () => (await import("./env-from-ci.ts")).envFromCi],
  ["host prepare", async () => (await import("./host-prepare.ts")).hostPrepare],
  ["host check", async () => (await import("./host-check.ts")).hostCheck],
  ["gitlab preview", async () => (await import("../gitlab/preview.ts")).gitlabPreview],
  ["gitlab note", async () => (await import("../gitlab/note.ts")).gitlabNote],
  ["gitlab deploy", async () => (await import("../gitlab/deploy.ts")).gitlabDeploy],
]);

/** Loads all commands, in the order of the help. */
export function allCommands(): Promise<readonly Command[]> {
  return Promise.all([...commands.values()].map((load) => load()));
}

/** Runs the command of a command line, and returns its exit code. */
export async function runSlipway(line: readonly string[], show: (line: string) => void = print): Promise<number> {
  const { folder, stack, stacks, help, words } = readCommandLine(line);
  if (words.length === 0 || help || words[0] === "help") {
    (await helpLines(words.filter((word) => word !== "help"))).forEach(show);
    return 0;
  }
  const { load, rest } = find(words);
  const environment = { ...process.env };
  // Only the agents get the keys. No child that is started from here on may inherit one.
  for (const name of [keyVariable, observeKeyVariable]) Reflect.deleteProperty(process.env, name);
  const command = await load();
  return await command.run({ folder, stack, stacks, words: rest, environment });
}

/** The command with which the words begin, and the rest of the words. */
function find(words: readonly string[]): { readonly load: () => Promise<Command>; readonly rest: readonly string[] } {
  // No command's name is the beginning of another's.
  for (const count of [1, 2]) {
    const load = commands.get(words.slice(0, count).join(" "));
    if (load !== undefined) return { load, rest: words.slice(count) };
  }
  throw unknownCommand(words);
}

function unknownCommand(words: readonly string[]): UserError {
  const [first = ""] = words;
  const names = [...commands.keys()];
  const family = names.filter((name) => name.startsWith(`${first} `));
  const asked = family.length > 0 ? words.slice(0, 2).join(" ") : first;
  const todo = guess(asked, family.length > 0 ? family : names);
  return new UserError({ path: "slipway", what: `there is no such command, got '${asked}'`, todo }, { usage: true });
}

async function helpLines(words: readonly string[]): Promise<readonly string[]> {
  if (words.length === 0) return overview(await allCommands());
  const { name, usage, summary, details } = await find(words).load();
  return [`usage: slipway ${name} ${usage}`.trimEnd(), "", summary, ...details];
}

function overview(commands: readonly Command[]): readonly string[] {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "usage: slipway [-C <folder>] [--stack <stack>] <command> [options]",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "-C, --cwd <folder>    the Pulumi project, instead of the current folder",
    "-s, --stack <stack>   the stack, instead of the selected one",
    "",
    "`slipway help <command>` explains a command.",
  ];
}
