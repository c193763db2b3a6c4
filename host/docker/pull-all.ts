import { messageOf } from "../../model/problem.ts";
import type { Engine } from "./engine.ts";
import { secondsOfPull, type Logins } from "./pull.ts";

const pullsAtOnce = 4;

/** Pulls all of these images, even if one fails; `failed` gets the engine's words about each that did. */
export async function pullAll(
  engine: Pick<Engine, "pull">,
  references: readonly string[],
  logins: Logins,
  signal: AbortSignal,
  failed: (reference: string, why: string) => void,
): Promise<void> {
  const queue = [...references];
  const pull = async (): Promise<void> => {
    for (let reference = queue.shift(); reference !== undefined; reference = queue.shift()) {
      const deadline = AbortSignal.timeout(secondsOfPull * 1000);
      try {
        await engine.pull(reference, logins, AbortSignal.any([signal, deadline]));
      } catch (error) {
        failed(reference, deadline.aborted ? `no answer within ${secondsOfPull} s` : messageOf(error));
      }
    }
  };
  await Promise.all(Array.from({ length: pullsAtOnce }, pull));
}
