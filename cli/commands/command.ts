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

/** One of slipway's commands. */
export interface Command {
  /** One word or two, such as `up` or `host check`. */
  readonly name: string;
  /** The arguments behind the name, for help. */
  readonly usage: string;
  /** One line for the table of commands. */
  readonly summary: string;
  /** Further lines for its own help. */
  readonly details: readonly string[];
  /** Runs the command and returns its exit code. */
  run(call: Call): Promise<number>;
}
