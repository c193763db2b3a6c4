import type { Request } from "../../model/session/protocol.ts";
import { Failure } from "../failure.ts";
import type { Lock } from "../lock.ts";
import { openRelease, settleRelease, type ReleaseSession } from "../release/session.ts";
import { cleanAfterRun } from "../retention/clean.ts";
import { leaseHolder, takeLease, type LeaseRequest } from "../session/lease.ts";
import type { SessionFolder } from "../session/session-folder.ts";
import { lockVerbs } from "../verbs/locks.ts";
import type { ServerView } from "../view.ts";
import { tellKilledVerbs } from "./killed-verbs.ts";
import { installProgram, ownProgram, sweepPrograms } from "../session/program.ts";

/** A run as verbs and its release know it. */
interface RunSession extends ReleaseSession {
  readonly folder: SessionFolder;
}

type Asked = Extract<Request, { do: "lease" }>;

/** The lease of a run, with everything that begins and ends with it. */
export class HeldLease {
  readonly #view: ServerView;
  readonly #session: RunSession;
  readonly #lease: Lock;

  private constructor(view: ServerView, session: RunSession, lease: Lock) {
    this.#view = view;
    this.#session = session;
    this.#lease = lease;
  }

  /** Takes the lease and waits for the verbs of earlier runs; after that this run's verbs may change the server. */
  static async take(view: ServerView, session: RunSession, asked: Asked, signal: AbortSignal): Promise<HeldLease> {
    const { seconds, holder, run, job } = asked;
    const lease = await leaseOf(view, { seconds, holder, say: session.say, signal });
    try {
      (await waitForVerbs(view, session, { seconds, signal }))[Symbol.dispose]();
      tellKilledVerbs(view.state, session.say);
      view.state.shortenJournal();
      installProgram(view.places, ownProgram());
      sweepPrograms(view.places);
      session.folder.setAbout({ run, holder, job });
    } catch (error) {
      lease[Symbol.dispose]();
      throw error;
    }
    return new HeldLease(view, session, lease);
  }

  /** Settles what an earlier run left of a release, and notes that this one begins. */
  async begin(): Promise<void> {
    this.#view.changed();
    await openRelease(this.#view, this.#session);
  }

  /** Waits for the verbs of this run, settles its release and lets the lease go; `leave` removes the run's folder. */
  async end(leave: () => void): Promise<void> {
    using _lease = this.#lease;
    using _verbs = await waitForVerbs(this.#view, this.#session, { seconds: Infinity });
    this.#view.changed();
    try {
      await settleRelease(this.#view, this.#session);
      if (this.#session.shortfall() === "") await cleanAfterRun(this.#view, this.#session.say);
    } finally {
      leave();
    }
  }
}

async function leaseOf({ places, progress }: ServerView, request: LeaseRequest): Promise<Lock> {
  using _wait = progress.waits(() => `waits for the lease, which ${leaseHolder(places)} holds`);
  return await takeLease(places, request);
}

/** Verbs are never overtaken, of whichever stack they are (F138): they finish what they began, or put it back. */
async function waitForVerbs(
  { places, progress }: ServerView,
  { say }: RunSession,
  request: { readonly seconds: number; readonly signal?: AbortSignal },
): Promise<Lock> {
  const free = await lockVerbs(places, {});
  if (free !== undefined) return free;
  say("session", "waits for a verb that is still at work");
  using _wait = progress.waits(() => "waits for a verb that is still at work");
  const lock = await lockVerbs(places, request);
  if (lock !== undefined) return lock;
  const what = `a verb is still running after ${request.seconds} s`;
  throw new Failure("session", `${what}; look at ${places.state}/stacks/*/journal`);
}
