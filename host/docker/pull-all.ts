import { messageOf } from "../../model/problem.ts";
import type { Engine } from "./engine.ts";
import type { PullProgress } from "./pull-progress.ts";
import { secondsOfPull, type Logins } from "./pull.ts";

const pullsAtOnce = 4;

/** How images are pulled. */
interface PullOptions {
  readonly logins: Logins;
  readonly signal: AbortSignal;
  /** Gets the engine's words about each that failed. */
  readonly failed?: (reference: string, why: string) => void;
  readonly progress?: PullProgress;
}

/** Pulls all of these images, even if one fails. */
export async function pullAll(
  engine: Pick<Engine, "pull">,
  references: readonly string[],
  { logins, signal, failed, progress }: PullOptions,
): Promise<void> {
  const queue = [...references];
  const pull = async (): Promise<void> => {
    for (let reference = queue.shift(); reference !== undefined; reference = queue.shift()) {
      const [one, deadline] = [reference, AbortSignal.timeout(secondsOfPull * 1000)];
      progress?.begin(one);
      try {
        const end = AbortSignal.any([signal, deadline]);
        await engine.pull(one, logins, end, (layer) => progress?.hear(one, layer));
      } catch (error) {
        failed?.(one, deadline.aborted ? `no answer within ${secondsOfPull} s` : messageOf(error));
      }
      progress?.end(one);
    }
  };
  await Promise.all(Array.from({ length: pullsAtOnce }, pull));
}
