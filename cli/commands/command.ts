import type { Declaration } from "../declaration/declaration.ts";
import { readOptions, takeOptions, usageError, type Values } from "../options.ts";
import { printJson } from "../output.ts";

/** The input of a command. */
export interface Call {
  /** The folder of the Pulumi project. */
  readonly folder: string;
  /** The named stack; undefined means Pulumi's selected one. */
  readonly stack: string | undefined;
  /** All named stacks, for a command that takes several. */
  readonly stacks: readonly string[];
  /** The rest of the command line. */
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** The input of a command with the values of its options; the words are those that are no options of its own. */
export interface CallOf<One extends Declaration> extends Call {
  readonly options: Values<One["options"]>;
}

/** The result of a command. */
export interface Answer {
  readonly exitCode: number;
  /** The result for `--json`. */
  readonly json: unknown;
  /** Prints the result for people. */
  readonly show: () => void;
}

/** One of slipway's commands. */
export interface Command extends Declaration {
  /** Runs the command and returns its exit code. */
  run(call: Call): Promise<number>;
}

/** Makes the command of a declaration. A task that prints by itself returns its exit code alone. */
export function command<const One extends Declaration>(
  declaration: One,
  task: (call: CallOf<One>) => Promise<Answer | number>,
): Command {
  const run = async (call: Call): Promise<number> => {
    const { own, rest } = read(call, declaration);
    const answer = await task({ ...call, options: own, words: rest });
    if (typeof answer === "number") return answer;
    if (wantsJson(call.words)) printJson(answer.json);
    else answer.show();
    return answer.exitCode;
  };
  return { ...declaration, run };
}

function read<const One extends Declaration>({ words, stacks }: Call, declaration: One) {
  if (declaration.stack === "none" && stacks.length > 0)
    throw usageError("--stack", `is not for \`slipway ${declaration.name}\``, "leave it out");
  const different = [...new Set(stacks)];
  if (declaration.stack !== "many" && different.length > 1)
    throw usageError(
      "--stack",
      `names several stacks, got ${different.map((one) => `'${one}'`).join(" and ")}`,
      "keep one",
    );
  const options: One["options"] = declaration.options;
  return declaration.pulumi === undefined
    ? readOptions(words, { ...declaration, options })
    : takeOptions(words, options);
}

/** Tells whether a command line asks for JSON, even if it is invalid. */
export function wantsJson(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return words.slice(0, end < 0 ? words.length : end).includes("--json");
}
