import { ServerView, type View } from "./view.ts";

/** Everything that a verb works with. */
export interface Work extends View {
  readonly object: string;
  /** The number of the document, as messages name it. */
  readonly number: string;
  readonly hash: string;
  readonly resource: string;
  /** The id of the session's run, or "-" for a delete without a session. */
  readonly run: string;
  /** Bytes that the session brought, by name. */
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  /** Ends what the verb waits for at its deadline. */
  readonly signal: AbortSignal;
  /** Tells people what the verb does. */
  say(phase: string, message: string): void;
  /** Notes a step, so that the next run knows how far this one came. */
  journal(step: string): void;
  /** The engine's lists are asked for again: something was changed. */
  changed(): void;
}

/** Work with another end than that of the verb: what must be put back even after the verb's deadline. */
export function withSignal(work: Work, signal: AbortSignal): Work {
  const { places, engine, object, run, number, hash, resource, secrets } = work;
  const own = { object, run, number, hash, resource, secrets, signal };
  const say = (phase: string, message: string): void => work.say(phase, message);
  const journal = (step: string): void => work.journal(step);
  return Object.assign(new ServerView(places, engine), own, { say, journal });
}

/** Does one step: notes it before, and after if it ended well, so that the next run knows how far this one came. */
export async function step<Result>(work: Work, name: string, act: () => Promise<Result> | Result): Promise<Result> {
  work.journal(name);
  const result = await act();
  work.journal(`${name} ${ended}`);
  return result;
}

/** The end of the line about a step that ended well. */
export const ended = "ended";
