/** One thing that is wrong with what a user wrote or with what was found, in the words of a message. */
export interface Problem {
  /** Where it stands: a configuration path (`host.address`) or `file:line`. */
  readonly path: string;
  /** What is wrong, with the value that was found. */
  readonly what: string;
  /** What to do about it. */
  readonly todo: string;
}

const byPath = new Intl.Collator("en", { numeric: true });

/** All mistakes of one run, thrown once; any other error that is thrown is a defect of slipway. */
export class ConfigurationError extends Error {
  readonly problems: readonly Problem[];
  /** Pulumi's Node SDK prints an error with this mark by its message alone, without a stack that helps nobody. */
  readonly __pulumiRunError = true;

  constructor(problems: readonly Problem[], head = "the configuration has problems:") {
    // Numbers as numbers: line 4 of a file stands before its line 10.
    const sorted = [...problems].sort((a, b) => byPath.compare(a.path, b.path));
    super([head, ...sorted.map((problem) => `  - ${describeProblem(problem)}`)].join("\n"));
    this.name = "ConfigurationError";
    this.problems = sorted;
  }
}

/** The one form of a message: `<path>: <what is wrong>; <what to do>`. */
export function describeProblem({ path, what, todo }: Problem): string {
  return `${path}: ${what}; ${todo}`;
}
