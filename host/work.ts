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

/** What makes a view of the server the work of one verb. */
export type WorkFields = Omit<Work, keyof View | "changed">;

/** The work of a verb, or of another process that changes something for a stack, with a view of its own. */
export function workOf(
  { places, engine, progress }: Pick<View, "places" | "engine" | "progress">,
  own: WorkFields,
): Work {
  const { object, number, hash, resource, run, secrets, signal } = own;
  const say: Work["say"] = (phase, message) => own.say(phase, message);
  const journal: Work["journal"] = (step) => own.journal(step);
  const fields = { object, number, hash, resource, run, secrets, signal, say, journal };
  return Object.assign(new ServerView(places, engine, progress), fields);
}

/** Work with another end than that of the verb: what must be put back even after the verb's deadline. */
export function withSignal(work: Work, signal: AbortSignal): Work {
  return Object.assign(workOf(work, work), { signal });
}

/** Does one step: notes it before, and after if it ended well, so that the next run knows how far this one came. */
export async function step<Result>(work: Work, name: string, act: () => Promise<Result> | Result): Promise<Result> {
  work.journal(name);
  using _step = work.progress.step(name);
  const result = await act();
  work.journal(`${name} ${ended}`);
  return result;
}

/** The end of the line about a step that ended well. */
export const ended = "ended";
