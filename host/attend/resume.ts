import type { Call } from "../door.ts";
import { Failure } from "../failure.ts";
import { resumeRelease } from "../release/session.ts";
import { takeLease } from "../session/lease.ts";
import { Presence } from "../session/presence.ts";
import { lockVerbs } from "../verbs/locks.ts";
import { ServerView } from "../view.ts";

/** Seconds for which it waits for a run, and then for verbs, that came before it. */
const leaseSeconds = 900;

/** Settles what a restart of the server, or a killed run, left of a stack's release. */
export async function resume({ places, engine, messages }: Call): Promise<number> {
  await Presence.sweepAll(places.run);
  const { say } = messages;
  using _lease = await takeLease(places, { seconds: leaseSeconds, holder: `${places.stack}, resuming`, say });
  using verbs = await lockVerbs(places, { seconds: leaseSeconds });
  if (verbs === undefined) {
    const journals = `${places.state}/stacks/*/journal`;
    throw new Failure(
      "resume",
      `a verb is still running after ${leaseSeconds} s; look at ${journals}, then run it again`,
    );
  }
  await resumeRelease(new ServerView(places, engine), say);
  return 0;
}
