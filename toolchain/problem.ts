/** Something the person at the machine must know or do; anything else that is thrown is our own mistake. */
export class ToolProblem extends Error {
  override readonly name = "ToolProblem";
}

/** The text of whatever was thrown: of a problem only its message, of our own mistakes the stack too. */
export function describeError(error: unknown): string {
  if (error instanceof ToolProblem) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
