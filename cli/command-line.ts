import { resolve } from "node:path";
import { commonOptions } from "./declaration/declaration.ts";
import { takeOptions } from "./options.ts";

/** The words of a command line, apart from the options that all commands take. */
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

/** Parses a command line. The options of its command, and Pulumi's, stay among the words. */
export function readCommandLine(line: readonly string[], from: string = process.cwd()): CommandLine {
  const { own, rest } = takeOptions(line, commonOptions);
  const { cwd = ".", stack: stacks = [], help = false } = own;
  return { folder: resolve(from, cwd), stack: stacks.at(-1), stacks, help, words: rest };
}
