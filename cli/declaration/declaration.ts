import type { ExitCodeName } from "../exit-code.ts";

/** The kinds of values that a shell can complete. */
export type Completed = "stack" | "service" | "image" | "file" | "folder" | "shell";

/** One option of a command, as the parser, the help and the completion of shells read it. */
export interface Option {
  /** An option of type `boolean` has no value. */
  readonly type: "boolean" | "string";
  readonly short?: string;
  /** The option may be given several times. */
  readonly multiple?: true;
  /** The value in the help, such as `<file>`. */
  readonly value?: string;
  readonly summary: string;
  /** What a shell offers as the value. */
  readonly completes?: Completed;
}

/** Options by their long names, without the dashes. */
export type Options = Readonly<Record<string, Option>>;

/** The words of a command that are no options. */
interface Words {
  /** Their form in the help, such as `[<service> …]`. */
  readonly form: string;
  readonly completes?: Completed;
}

/** Everything that is known of a command before it is loaded. */
export interface Declaration {
  /** One word or two, such as `up` or `host check`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Further lines for its help. */
  readonly details: readonly string[];
  /** Command lines for its help. */
  readonly examples: readonly string[];
  /** Whether it takes `--stack`: never, for one stack, always for one stack, or for any number. */
  readonly stack: "none" | "one" | "required" | "many";
  readonly options: Options;
  /** Undefined for a command without further words. */
  readonly words?: Words;
  /** The command of Pulumi that gets all other words, with those of its options that are needed often. */
  readonly pulumi?: { readonly command: string; readonly options: Options };
  /** The exit codes that it has besides `done`, `refused` and `wrongUsage`. */
  readonly exits?: readonly ExitCodeName[];
}

/** Declares a command; the exact types of its options are kept for the command itself. */
export function declare<const One extends Declaration>(declaration: One): One {
  return declaration;
}

/** The option of all commands that answer with a result. */
export const jsonOption = {
  json: { type: "boolean", summary: "prints the result, or why there is none, as one JSON document" },
} as const;

/** The options that every command takes. They have the names that Pulumi gives them. */
export const commonOptions = {
  cwd: { type: "string", short: "C", value: "<folder>", summary: "the Pulumi project", completes: "folder" },
  stack: { type: "string", short: "s", multiple: true, value: "<stack>", summary: "the stack", completes: "stack" },
  help: { type: "boolean", short: "h", summary: "prints the help of the command" },
} as const satisfies Options;
