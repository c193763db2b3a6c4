import { parseArgs } from "node:util";
import { nearest } from "../model/guess.ts";
import { UserError, type Problem } from "../model/problem.ts";
import type { Declaration, Option, Options } from "./declaration/declaration.ts";

/** Reads words that were checked before; `parseArgs` gives each option its type. */
function valuesOf<const Given extends Options>(words: readonly string[], options: Given) {
  return parseArgs({ args: [...words], options, allowPositionals: true });
}

/** The values of options, by their names. */
export type Values<Given extends Options> = ReturnType<typeof valuesOf<Given>>["values"];

/** The part of a command line that has the given options, and all other words in their order. */
interface TakenOptions<Given extends Options> {
  readonly own: Values<Given>;
  readonly rest: readonly string[];
}

/** Takes options out of words that are otherwise Pulumi's, or the command's. */
export function takeOptions<const Given extends Options>(
  words: readonly string[],
  options: Given,
): TakenOptions<Given> {
  const found = foundOptions(words, options).filter(({ option, whole }) => option !== undefined && whole);
  const problems = found.flatMap((one) => valueProblems(one));
  if (problems.length > 0) throw new UserError(problems, { usage: true });
  const taken = new Set(found.flatMap(({ index, inline }) => (inline === false ? [index, index + 1] : [index])));
  const rest = words.filter((_, index) => !taken.has(index));
  return {
    own: valuesOf(
      words.filter((_, index) => taken.has(index)),
      options,
    ).values,
    rest,
  };
}

/** The options and the further words of a command that passes nothing on. */
interface ReadOptions<Given extends Options> {
  readonly own: Values<Given>;
  readonly rest: readonly string[];
}

/** Reads the words of a command that passes nothing on, or refuses all that it does not know. */
export function readOptions<const Given extends Options>(
  words: readonly string[],
  command: Pick<Declaration, "name" | "stack" | "words"> & { readonly options: Given },
): ReadOptions<Given> {
  const { name, options } = command;
  const problems = foundOptions(words, options).flatMap((one) =>
    one.option === undefined ? [unknownOption(one.written, command)] : valueProblems(one),
  );
  if (problems.length > 0) throw new UserError(problems, { usage: true });
  const { values, positionals } = valuesOf(words, options);
  if (command.words === undefined && positionals.length > 0) {
    const what = `takes no such argument, got '${positionals.join(" ")}'`;
    throw usageError(`slipway ${name}`, what, `see \`slipway help ${name}\``);
  }
  return { own: values, rest: positionals };
}

/** One option among words. */
interface FoundOption {
  /** The option as it was written, without its value. */
  readonly written: string;
  readonly index: number;
  /** False for a letter within a word of several, such as the `s` of `-cstage`. */
  readonly whole: boolean;
  /** Undefined if the option is not known. */
  readonly option: Option | undefined;
  readonly value: string | undefined;
  /** Whether the value stands in the same word; undefined if there is none. */
  readonly inline: boolean | undefined;
}

function foundOptions(words: readonly string[], options: Options): readonly FoundOption[] {
  const { tokens } = parseArgs({
    ...{ args: [...words], options, allowPositionals: true },
    ...{ strict: false, tokens: true },
  });
  return tokens.flatMap((token): FoundOption[] => {
    if (token.kind !== "option") return [];
    const { name, rawName: written, index, value, inlineValue: inline } = token;
    const word = words[index] ?? "";
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    // Pulumi takes `-sdev` as we do, and `-cstage=1` is its own `-c`, in which no letter is an option of ours.
    const whole = option?.type === "boolean" ? word.split("=")[0] === written : word.startsWith(written);
    return [{ written, index, whole, option, value, inline }];
  });
}

function valueProblems({ written, option, value, inline }: FoundOption): Problem[] {
  if (option?.type === "boolean")
    return value === undefined ? [] : [{ path: written, what: `takes no value, got '${value}'`, todo: "leave it out" }];
  const todo = `write it as ${written} ${option?.value ?? "<value>"}`;
  if (value === undefined || value === "") return [{ path: written, what: "has no value", todo }];
  if (inline === true || !value.startsWith("-")) return [];
  return [{ path: written, what: `has no value, got the option '${value}' behind it`, todo }];
}

function unknownOption(
  written: string,
  { name, stack, options }: Pick<Declaration, "name" | "stack" | "options">,
): Problem {
  const own = Object.keys(options).map((option) => `--${option}`);
  const further = ["--cwd", "--help", ...(stack === "none" ? [] : ["--stack"])];
  const near = nearest(written, [...own, ...further]);
  const otherwise = own.length === 0 ? "it has none of its own; leave it out" : `use one of ${own.join(", ")}`;
  const todo = near === undefined ? otherwise : `did you mean '${near}'`;
  return { path: written, what: `is not an option of \`slipway ${name}\``, todo };
}

/** An error in the words of a command. */
export function usageError(path: string, what: string, todo: string): UserError {
  return new UserError({ path, what, todo }, { usage: true });
}
