import { resolve } from "node:path";
import { UserError } from "../model/problem.ts";

/** The words of a command line, with what slipway and Pulumi both have to know taken out. */
interface CommandLine {
  readonly folder: string;
  readonly stack: string | undefined;
  /** Every stack that was named; most commands take one. */
  readonly stacks: readonly string[];
  /** Whether help was asked for. */
  readonly help: boolean;
  /** The command and what stood behind it. */
  readonly words: readonly string[];
}

type Option = "folder" | "stack";

/** As Pulumi itself calls them. */
const options: Readonly<Record<string, Option>> = {
  "-C": "folder",
  "--cwd": "folder",
  "-s": "stack",
  "--stack": "stack",
};

/** Takes a command line apart; every option that slipway does not know is Pulumi's and stays among the words. */
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
    if (given === undefined || given === "") throw needsValue(word);
    found[option] = given;
    if (option === "stack") stacks.push(given);
  }
  return { folder: resolve(from, found.folder ?? "."), stack: found.stack, stacks, help, words };
}

/** Both ways of writing an option: `--stack staging` and `--stack=staging`. */
function optionOf(word: string): { readonly option?: Option; readonly value?: string } {
  const known = options[word];
  if (known !== undefined) return { option: known };
  const [, name = "", value = ""] = /^(--[a-z]+)=(.*)$/s.exec(word) ?? [];
  const named = options[name];
  return named === undefined ? {} : { option: named, value };
}

function needsValue(word: string): UserError {
  const todo = word.startsWith("-C") || word.startsWith("--cwd") ? "name the project's folder" : "name the stack";
  return new UserError({ path: word, what: "has no value", todo }, { usage: true });
}
