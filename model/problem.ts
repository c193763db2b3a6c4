/** One mistake in a user's files, or in what was found on a server, in the words of a message. */
export interface Problem {
  /** Its place: a configuration path (`host.address`), `file:line`, or the command that failed. */
  readonly path: string;
  /** The mistake, with the value that was found. */
  readonly what: string;
  /** The way to mend it. */
  readonly todo: string;
}

interface UserErrorOptions {
  /** A line above the problems, which then stand below it as a list. */
  readonly heading?: string;
  /** The command line itself makes no sense. */
  readonly usage?: boolean;
}

const byPath = new Intl.Collator("en", { numeric: true });

/** Everything that a person must mend before a run can go on. Any other error that is thrown is a defect of slipway. */
export class UserError extends Error {
  override readonly name = "UserError";
  /** Sorted by path, numbers as numbers: line 4 of a file stands before its line 10. */
  readonly problems: readonly Problem[];
  readonly usage: boolean;
  /** Pulumi's Node SDK prints an error with this mark by its message alone, without a stack trace. */
  readonly __pulumiRunError = true;

  constructor(problems: Problem | readonly Problem[], { heading, usage = false }: UserErrorOptions = {}) {
    const all = "path" in problems ? [problems] : [...problems];
    const sorted = all.sort((a, b) => byPath.compare(a.path, b.path));
    const lines = sorted.map(describeProblem);
    super((heading === undefined ? lines : [heading, ...lines.map((line) => `  - ${line}`)]).join("\n"));
    this.problems = sorted;
    this.usage = usage;
  }
}

/** The error for problems of a stack's configuration. */
export function configurationError(problems: Problem | readonly Problem[]): UserError {
  return new UserError(problems, { heading: "the configuration has problems:" });
}

/** The one form of a message: `<path>: <what is wrong>; <what to do>`. */
export function describeProblem({ path, what, todo }: Problem): string {
  return `${path}: ${what}; ${todo}`;
}

/** The text of anything that was thrown: the message of a UserError, and the stack trace of a defect of slipway. */
export function describeError(error: unknown): string {
  if (error instanceof UserError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
