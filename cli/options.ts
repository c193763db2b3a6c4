import { parseArgs } from "node:util";
import { messageOf, UserError } from "../model/problem.ts";
import type { Call } from "./commands/command.ts";

/** An option of slipway's own, and the other words of a command line. */
interface TakenOption {
  readonly words: readonly string[];
  /** Undefined if the option is missing. */
  readonly value: string | undefined;
}

/** Takes an option of slipway's own, `--name <value>` or `--name=<value>`, out of words that are otherwise Pulumi's. */
export function takeOption(words: readonly string[], name: string, todo: string): TakenOption {
  const at = words.findIndex((word) => word === name || word.startsWith(`${name}=`));
  const word = words[at];
  if (word === undefined) return { words, value: undefined };
  const inline = word !== name;
  const value = inline ? word.slice(name.length + 1) : (words[at + 1] ?? "");
  if (value === "") throw usageError(name, "has no value", todo);
  return { words: words.toSpliced(at, inline ? 1 : 2), value };
}

/** Tells whether a command got its only option, which has no value. Other words are refused. */
export function hasOption({ words }: Call, command: string, name: string): boolean {
  const options = { [name]: { type: "boolean" } } as const;
  try {
    return parseArgs({ args: [...words], options, allowPositionals: false }).values[name] === true;
  } catch {
    const what = `knows no option but --${name}, got '${words.join(" ")}'`;
    throw usageError(`slipway ${command}`, what, "see its --help");
  }
}

/** An error in the words of a command. */
export function usageError(path: string, what: string, todo: string): UserError {
  return new UserError({ path, what, todo }, { usage: true });
}

/** The error of a command whose words cannot be read. */
export function unknownWords(call: Call, command: string, error: unknown): UserError {
  const said = messageOf(error).split(/[.\n]/)[0] ?? "";
  return usageError(
    `slipway ${command}`,
    `does not know the words '${call.words.join(" ")}' (${said})`,
    "see its --help",
  );
}

/** Reads the options of a command that passes nothing on to Pulumi. Each has a value; other words are refused. */
export function readOptions(call: Call, names: readonly string[]): Readonly<Record<string, string | undefined>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" } as const]));
  try {
    return parseArgs({ args: [...call.words], options, allowPositionals: false }).values;
  } catch (error) {
    const said = messageOf(error).split(/[.\n]/)[0] ?? "";
    const what = `does not know the words '${call.words.join(" ")}' (${said})`;
    throw usageError("slipway", what, "see the command's --help");
  }
}
