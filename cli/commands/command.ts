/** What a command works with. */
export interface Call {
  /** The folder of the Pulumi project. */
  readonly folder: string;
  /** The stack that was asked for; undefined means the one that is selected. */
  readonly stack: string | undefined;
  /** All stacks that were asked for, for a command that takes several. */
  readonly stacks: readonly string[];
  /** Everything else that stood on the command line. */
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** One of slipway's commands. */
export interface Command {
  /** One word or two, such as `up` or `host check`. */
  readonly name: string;
  /** What may follow the name. */
  readonly usage: string;
  /** One line for the table of commands. */
  readonly summary: string;
  /** Further lines for its own help. */
  readonly details: readonly string[];
  /** Does it, and gives the exit code. */
  run(call: Call): Promise<number>;
}
