import type { Container } from "../docker/container.ts";
import { namesText } from "../../model/session/progress.ts";
import type { Work } from "../work.ts";

/** The exit code of a container that was ended by SIGKILL. */
const killed = 137;

/** The line of the journal about a container that had to be killed, before its name. */
export const uncleanEnd = "killed ";

/**
 * Ends containers in their own time. The engine kills one that is still there after the grace period of its own; that
 * is told and noted, since what it had in hand may be lost (F52).
 */
export async function endContainers(
  containers: readonly Container[],
  phase: string,
  work: Pick<Work, "engine" | "say" | "journal" | "progress">,
): Promise<void> {
  const left = new Set(containers.map(({ name }) => name));
  using _wait = work.progress.waits(() => `waits for ${namesText([...left])} to end, within the grace period`);
  const ends = containers.map(async ({ id, name }) => {
    await work.engine.stop(id);
    left.delete(name);
    if ((await work.engine.container(id))?.exitCode !== killed) return;
    work.say(phase, `'${name}' did not end within its grace period, and was killed`);
    work.journal(`${uncleanEnd}${name}`);
  });
  await Promise.all(ends);
}
