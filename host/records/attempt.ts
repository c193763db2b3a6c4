import { z } from "zod";
import type { StackState } from "../state/stack-state.ts";

const schema = z.object({
  run: z.string(),
  release: z.string(),
  /** Why it failed; empty while it has not. */
  why: z.string(),
  /** Present where nothing that serves is well. */
  critical: z.literal(true).optional(),
});

const memory = "attempt";

/** The release that a run brought last, for its record: a verb of another process failed with it. */
export type Attempt = Readonly<z.output<typeof schema>>;

export function rememberAttempt(state: StackState, attempt: Attempt): void {
  state.remember(memory, attempt);
}

/** The attempt of a run; undefined if it brought no release. */
export function attemptOf(state: StackState, run: string): Attempt | undefined {
  const attempt = state.memory(memory, schema);
  return attempt?.run === run ? attempt : undefined;
}
