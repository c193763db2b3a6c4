import { megabytes } from "../../model/byte-size.ts";
import { messageOf } from "../../model/problem.ts";
import type { CleanReport } from "../../model/session/clean.ts";
import { Failure } from "../failure.ts";
import { freeBytes } from "../images/room.ts";
import { takeLease } from "../session/lease.ts";
import { lockVerbs } from "../verbs/locks.ts";
import type { ServerView } from "../view.ts";
import type { Work } from "../work.ts";
import { findUnneeded, removeUnneeded, reportOf } from "./unneeded.ts";

/** Seconds to wait for a run, and then for verbs, that came before it. */
const leaseSeconds = 300;

interface Cleaning {
  readonly remove: boolean;
  /** Who cleans, for others that wait for the lease. */
  readonly holder: string;
  readonly say: Work["say"];
  readonly signal: AbortSignal;
}

/** Finds what nothing needs any more of a stack; removes it under the lease, so that no run brings it meanwhile. */
export async function clean(view: ServerView, cleaning: Cleaning): Promise<CleanReport> {
  if (!cleaning.remove) return await reportOf(await findUnneeded(view), view);
  const { holder, say, signal } = cleaning;
  using _lease = await takeLease(view.places, { seconds: leaseSeconds, holder, say, signal });
  using verbs = await lockVerbs(view.places, { seconds: leaseSeconds, signal });
  if (verbs === undefined) {
    const what = `a verb is still running after ${leaseSeconds} s`;
    throw new Failure("clean", `${what}; look at ${view.places.state}/stacks/*/journal, then run it again`);
  }
  view.changed();
  const found = await findUnneeded(view);
  const report = await reportOf(found, view);
  const failed = await removeUnneeded(found, view, say);
  view.changed();
  return { ...report, failed, after: await freeBytes(view.engine) };
}

/**
 * Removes the images that no release needs, at the end of a run that went well and still holds the lease, so that disks
 * do not fill. It fails no run.
 */
export async function cleanAfterRun(view: ServerView, say: Work["say"]): Promise<void> {
  try {
    if (!view.state.hasApplied("images")) return; // the stack was removed, and keeps all images
    const found = await findUnneeded(view);
    const images = found.verdicts.filter(({ keep }) => !keep);
    if (images.length === 0) return;
    const failed = await removeUnneeded(found, view, say);
    const size = images.reduce((sum, { image }) => sum + image.size, 0);
    const what = `${images.length} image${images.length === 1 ? "" : "s"} of earlier releases`;
    say("images", `removed ${what}, ${megabytes(size)}, since nothing needs them`);
    failed.forEach((why) => say("images", `could not be removed: ${why}`));
  } catch (error) {
    say("images", `did not look for images that nothing needs: ${messageOf(error)}`);
  }
}
