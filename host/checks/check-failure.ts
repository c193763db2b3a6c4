import type { Container } from "../docker/container.ts";

/** A release that a check found not to be well; names the part, the reason and, for a container, which one. */
export class CheckFailure extends Error {
  override readonly name = "CheckFailure";
  readonly container: Container | undefined;

  constructor(what: string, container?: Container) {
    super(what);
    this.container = container;
  }
}

/** Runs a check, and returns in which way it failed; undefined if all is well. */
export async function failureOf(check: () => Promise<void>): Promise<CheckFailure | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (error instanceof CheckFailure) return error;
    throw error;
  }
}
