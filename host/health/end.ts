import { setTimeout as pause } from "node:timers/promises";
import { EngineError, EngineSilence } from "../docker/connection.ts";
import { isUp, type Container } from "../docker/container.ts";
import type { Engine } from "../docker/engine.ts";

/** Milliseconds before the engine is asked again, after it broke off. */
const retryPause = 250;

/**
 * Waits until a container has ended, also if the engine restarts in between; undefined if the container is gone.
 * The engine's own answer about the container counts, not that of the call that waited for it.
 */
export async function awaitEnd(engine: Engine, id: string, signal: AbortSignal): Promise<Container | undefined> {
  for (;;) {
    signal.throwIfAborted();
    const container = await engine.container(id);
    if (container === undefined || !isUp(container)) return container;
    try {
      await engine.waitForEnd(id, signal);
    } catch (error) {
      const isAskedAgain = error instanceof EngineSilence || (error instanceof EngineError && error.status === 404);
      if (!isAskedAgain) throw error;
      await pause(retryPause, undefined, { signal });
    }
  }
}
