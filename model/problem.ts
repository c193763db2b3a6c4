import { printable } from "./printable.ts";

/** One mistake in a user's files, or one fact of a server that forbids a run, in the words of a message. */
export interface Problem {
  /** The place: a configuration path (`host.address`), `file:line`, or the command that failed. */
  readonly path: string;
  /** The mistake, with the value that was found. */
  readonly what: string;
  /** The way out. */
  readonly todo: string;
}

interface UserErrorOptions {
  /** A line above the problems, which are then printed as a list. */
  readonly heading?: string;
  /** The command line itself is invalid. */
  readonly usage?: boolean;
}

/** Places of compose files, of the lock and of the release: files, or keys that begin with such a word. */
const ofCompose = [/^(compose|release)([.:]|$)/, /(^|\/)slipway\.lock/, /(?<!^Pulumi.*)\.(ya?ml|json)(:|$)/];

/** Places of secret values: secret config, variables of the environment, and what holds values. */
const ofSecrets = [
  /^(secrets|fingerprintKey)(\.|$)/,
  /^[A-Z][A-Z0-9_]+\b/,
  /^env\.command:/,
  /(^|\/)\.(sops\.yaml|env)\b/,
  /(?<!^env\.files\..*)\.(env|enc)(:|$)/,
];

/**
 * Problems in the order in which one solves them: the configuration, then compose files and images, which it names,
 * then the values of secrets, which both name. Within these by path, with numbers as numbers: line 4 of a file comes
 * before its line 10.
 */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const byPath = new Intl.Collator("en", { numeric: true }); // made here, since it takes 8 ms
  return [...problems].sort((a, b) => rankOf(a) - rankOf(b) || byPath.compare(a.path, b.path));
}

function rankOf({ path }: Problem): number {
  const isOf = (places: readonly RegExp[]): boolean => places.some((place) => place.test(path));
  return isOf(ofSecrets) ? 2 : isOf(ofCompose) ? 1 : 0;
}

/** All problems that a user must solve before a run can continue. Every other error is a bug of slipway. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly problems: readonly Problem[];
  readonly usage: boolean;
  /** Pulumi's Node SDK prints only the message of an error with this mark, without a stack trace. */
  readonly __pulumiRunError = true;

  constructor(problems: Problem | readonly Problem[], { heading, usage = false }: UserErrorOptions = {}) {
    const sorted = inOrder("path" in problems ? [problems] : problems);
    const lines = sorted.map(describeProblem);
    super((heading === undefined ? lines : [heading, ...lines.map((line) => `  - ${line}`)]).join("\n"));
    this.problems = sorted;
    this.usage = usage;
  }
}

/** Every problem once, however often it was found. */
export function distinctProblems(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** The error for problems of a stack's configuration. */
export function configurationError(problems: Problem | readonly Problem[]): UserError {
  return new UserError(problems, { heading: "the configuration has problems:" });
}

/**
 * Writes a problem in the one form of a message: `<path>: <what is wrong>; <what to do>`. No value breaks its line;
 * only the advice may end with the lines of a tool.
 */
export function describeProblem({ path, what, todo }: Problem): string {
  const advice = todo.split("\n").map(printable).join("\n");
  return `${printable(path)}: ${printable(what)}; ${advice}`;
}

/** The text of anything that was thrown: the message of a UserError, and the stack trace of a defect of slipway. */
export function describeError(error: unknown): string {
  if (error instanceof UserError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The message of anything that was thrown, without a stack trace, as a part of another message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
