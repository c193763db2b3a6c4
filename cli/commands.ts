import { readCommandLine } from "./command-line.ts";
import type { Command } from "./command.ts";
import { drift } from "./drift.ts";
import { envCheck } from "./env-check.ts";
import { envFromCi } from "./env-from-ci.ts";
import { envInit } from "./env-init.ts";
import { gitlabDeploy } from "./gitlab-deploy.ts";
import { gitlabNote } from "./gitlab-note.ts";
import { gitlabPreview } from "./gitlab-preview.ts";
import { hostCheck } from "./host-check.ts";
import { hostPrepare } from "./host-prepare.ts";
import { init } from "./init.ts";
import { nearest } from "../model/nearest.ts";
import { operations } from "./operation.ts";
import { print } from "./output.ts";
import { plan } from "./plan.ts";
import { keyVariable } from "./private-key.ts";
import { Refusal, wrongUsage } from "./refusal.ts";

/** Every command, in the order in which help shows them. */
export const commands: readonly Command[] = [
  ...operations,
  plan,
  drift,
  init,
  envCheck,
  envInit,
  envFromCi,
  hostPrepare,
  hostCheck,
  gitlabPreview,
  gitlabNote,
  gitlabDeploy,
];

/** Runs what a command line asks for, and gives the exit code. */
export async function runSlipway(line: readonly string[], show: (line: string) => void = print): Promise<number> {
  const { folder, stack, stacks, help, words } = readCommandLine(line);
  if (words.length === 0 || help || words[0] === "help") {
    helpLines(words.filter((word) => word !== "help")).forEach(show);
    return 0;
  }
  const { command, rest } = find(words);
  const environment = { ...process.env };
  // Only the agent gets the key; nothing that is started from here on inherits it by accident.
  Reflect.deleteProperty(process.env, keyVariable);
  return await command.run({ folder, stack, stacks, words: rest, environment });
}

function find(words: readonly string[]): { readonly command: Command; readonly rest: readonly string[] } {
  const command = commands.find(({ name }) => name === words.slice(0, length(name)).join(" "));
  if (command === undefined) throw unknown(words);
  return { command, rest: words.slice(length(command.name)) };
}

function length(name: string): number {
  return name.split(" ").length;
}

function unknown(words: readonly string[]): Refusal {
  const [first = ""] = words;
  const family = commands.filter(({ name }) => name.startsWith(`${first} `));
  const asked = family.length > 0 ? words.slice(0, 2).join(" ") : first;
  const names = commands.map(({ name }) => name);
  const guess = nearest(asked, names);
  const todo =
    guess === undefined
      ? `take one of ${(family.length > 0 ? family.map(({ name }) => name) : names).join(", ")}`
      : `did you mean '${guess}'?`;
  return new Refusal([{ path: "slipway", what: `there is no such command, got '${asked}'`, todo }], wrongUsage);
}

function helpLines(words: readonly string[]): readonly string[] {
  if (words.length === 0) return overview();
  const { name, usage, summary, details } = find(words).command;
  return [`usage: slipway ${name} ${usage}`.trimEnd(), "", summary, ...details];
}

function overview(): readonly string[] {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "usage: slipway [-C <folder>] [--stack <stack>] <command> [options]",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "-C, --cwd <folder>    the Pulumi project, instead of the current folder",
    "-s, --stack <stack>   the stack, instead of the selected one",
    "",
    "slipway help <command> says more.",
  ];
}
