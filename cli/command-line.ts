import { resolve } from "node:path";
import { UserError } from "../model/problem.ts";

/** The words of a command line, apart from the options that both slipway and Pulumi need. */
interface CommandLine {
  /** Folder of the Pulumi project, as an absolute path. */
  readonly folder: string;
  readonly stack: string | undefined;
  /** Every stack that was named. Most commands take one. */
  readonly stacks: readonly string[];
  /** The line asks for help. */
  readonly help: boolean;
  /** The command and its arguments. */
  readonly words: readonly string[];
}

type Option = "folder" | "stack";

/** Names of options, equal to Pulumi's own. */
const options: Readonly<Record<string, Option>> = {
  "-C": "folder",
  "--cwd": "folder",
  "-s": "stack",
  "--stack": "stack",
};

/** Parses a command line. Options that slipway does not know are Pulumi's, and stay among the words. */
export function readCommandLine(line: readonly string[], from: string = process.cwd()): CommandLine {
  const found: Partial<Record<Option, string>> = {};
  const words: string[] = [];
  const stacks: string[] = [];
  let help = false;
  for (let index = 0; index < line.length; index += 1) {
    const word = line[index] ?? "";
    const { option, value } = optionOf(word);
    if (option === undefined) {
      if (word === "--help" || word === "-h") help = true;
      else words.push(word);
      continue;
    }
    const given = value ?? line[(index += 1)];
    if (given === undefined || given === "") throw missingValue(word);
    found[option] = given;
    if (option === "stack") stacks.push(given);
  }
  return { folder: resolve(from, found.folder ?? "."), stack: found.stack, stacks, help, words };
}

/** The option in a word, written as `--stack staging` or as `--stack=staging`. */
function optionOf(word: string): { readonly option?: Option; readonly value?: string } {
  const known = options[word];
  if (known !== undefined) return { option: known };
  const [, name = "", value = ""] = /^(--[a-z]+)=(.*)$/s.exec(word) ?? [];
  const named = options[name];
  return named === undefined ? {} : { option: named, value };
}

function missingValue(word: string): UserError {
  const todo = word.startsWith("-C") || word.startsWith("--cwd") ? "name the project's folder" : "name the stack";
  return new UserError({ path: word, what: "has no value", todo }, { usage: true });
}
