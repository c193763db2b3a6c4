/** The time that a verb has, and then its undo. */
interface Deadline {
  readonly seconds: number;
  /** Seconds after the deadline, in which a verb may put back what it began. */
  readonly undo: number;
  /** The end of a verb that was too late and has nothing better to tell. */
  readonly late: () => Error;
  /** Tells whether an error of the verb says more than `late`. */
  readonly tells: (error: unknown) => boolean;
}

/**
 * Runs something that its signal ends at a deadline. What does not come back after that either is given up: the process
 * must end then (SEC-C10). All of it is measured by the monotonic clock.
 */
export async function withDeadline<Result>(
  { seconds, undo, late, tells }: Deadline,
  act: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const deadline = new AbortController();
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const timers = [
    setTimeout(() => deadline.abort(late()), seconds * 1000),
    setTimeout(() => reject(late()), (seconds + undo) * 1000),
  ];
  try {
    return await Promise.race([act(deadline.signal), givenUp]);
  } catch (error) {
    throw deadline.signal.aborted && !tells(error) ? late() : error;
  } finally {
    timers.forEach(clearTimeout);
  }
}
