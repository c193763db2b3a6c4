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

/** The work of a verb, or of another process that changes something for a stack. */
export class VerbWork extends ServerView implements Work {
  readonly object: string;
  readonly number: string;
  readonly hash: string;
  readonly resource: string;
  readonly run: string;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  readonly signal: AbortSignal;
  readonly say: Work["say"];
  readonly journal: Work["journal"];

  constructor({ places, engine }: Pick<View, "places" | "engine">, own: WorkFields, signal = own.signal) {
    super(places, engine);
    this.object = own.object;
    this.number = own.number;
    this.hash = own.hash;
    this.resource = own.resource;
    this.run = own.run;
    this.secrets = own.secrets;
    this.signal = signal;
    this.say = (phase, message) => own.say(phase, message);
    this.journal = (step) => own.journal(step);
  }
}

/** Work with another end than that of the verb: what must be put back even after the verb's deadline. */
export function withSignal(work: Work, signal: AbortSignal): Work {
  return new VerbWork(work, work, signal);
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
