import { commonOptions, type Declaration, type Option, type Options } from "../declaration/declaration.ts";
import { declarations } from "../declaration/declarations.ts";

/** A command line, read up to the word that is completed. */
export interface CompletedLine {
  /** Undefined while the line names none. */
  readonly command: Declaration | undefined;
  /** The words before it that are no options. */
  readonly words: readonly string[];
  /** The values of the options before it, by their long names. */
  readonly given: ReadonlyMap<string, string>;
  /** The option whose value is completed. */
  readonly valueOf: Option | undefined;
  /** The part of the word that is completed. */
  readonly current: string;
  /** The beginning of the word that is not completed, such as `--stack=`. */
  readonly attached: string;
  /** Nothing can be completed: the word is behind `--`, or behind the `=` within a value. */
  readonly closed: boolean;
}

/**
 * Reads the words of a line behind `slipway`; the last one is completed, and may be empty. Bash makes three words of
 * `--stack=dev`, the other shells one.
 */
export function readLine(all: readonly string[]): CompletedLine {
  const words: string[] = [];
  const given = new Map<string, string>();
  let open: OpenOption | undefined;
  let closed = false;
  for (const word of all.slice(0, -1)) {
    if (word === "--") return { ...nothing, command: commandOf(words), words, given, closed: true };
    if (closed)
      closed = false; // the rest of a value
    else if (word === "=") closed = open === undefined;
    else if (open !== undefined) {
      given.set(open.name, word);
      open = undefined;
    } else if (word.startsWith("-")) open = readOption(word, commandOf(words), given);
    else words.push(word);
  }
  const place = { command: commandOf(words), words, given };
  const last = all.at(-1) ?? "";
  if (open !== undefined) return { ...nothing, ...place, valueOf: open.option, current: last === "=" ? "" : last };
  const [, attached = "", name = "", current = ""] = /^(--([^=]+)=)(.*)$/s.exec(last) ?? [];
  const option = optionOf(name, place.command);
  if (option !== undefined) return { ...place, closed, valueOf: option, current, attached };
  return { ...nothing, ...place, closed: closed || last === "=", current: last };
}

const nothing = { valueOf: undefined, current: "", attached: "", closed: false };

interface OpenOption {
  readonly name: string;
  readonly option: Option;
}

/** Reads an option before the completed word; returns it if its value is the next word. */
function readOption(
  word: string,
  command: Declaration | undefined,
  given: Map<string, string>,
): OpenOption | undefined {
  const [, dashes = "", name = "", value] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const [long = "", option] = Object.entries(optionsOf(command)).find(
    ([known, { short }]) => (dashes === "--" ? known : short) === name,
  ) ?? [name];
  given.set(long, value ?? "");
  return option?.type === "string" && value === undefined ? { name: long, option } : undefined;
}

function optionOf(name: string, command: Declaration | undefined): Option | undefined {
  const options = optionsOf(command);
  return Object.hasOwn(options, name) ? options[name] : undefined;
}

/** The options that a line may have: those of its command, of Pulumi's, and of all commands. */
export function optionsOf(command: Declaration | undefined): Options {
  return { ...command?.pulumi?.options, ...commonOptions, ...command?.options };
}

/** The command that words name; words behind it belong to it. */
function commandOf(words: readonly string[]): Declaration | undefined {
  return declarations.find(({ name }) => {
    return [1, 2].some((count) => words.length >= count && words.slice(0, count).join(" ") === name);
  });
}
