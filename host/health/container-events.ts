import { setTimeout as pause } from "node:timers/promises";
import type { Engine } from "../docker/engine.ts";

/** Milliseconds without an event after which the caller looks anyway: an event may have come before the listener. */
const pollMilliseconds = 1000;

/** Milliseconds before the engine is asked for events again, after it broke off. */
const retryPause = 300;

const awaited = new Set(["start", "die", "destroy", "health_status: healthy", "health_status: unhealthy"]);

/** Wakes up when something happens to a container of a project, so that the caller need not poll. */
export class ContainerEvents implements Disposable {
  readonly #end = new AbortController();
  #happened = false;
  #wake: () => void = () => undefined;

  constructor(engine: Engine, project: string) {
    void this.#listen(engine, project);
  }

  /** Returns when something has happened since the last call, or after a second. */
  async next(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#happened) {
      const timer = new AbortController();
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      const late = pause(pollMilliseconds, undefined, { signal: AbortSignal.any([timer.signal, signal]) });
      await Promise.race([woken, late.catch(() => undefined)]);
      timer.abort();
      signal.throwIfAborted();
    }
    this.#happened = false;
  }

  [Symbol.dispose](): void {
    this.#end.abort();
  }

  /** Listens until the end; while the engine restarts, `next` only polls. */
  async #listen(engine: Engine, project: string): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      try {
        for await (const event of engine.events(signal)) {
          if (event.project !== project || !awaited.has(event.action)) continue;
          this.#happened = true;
          this.#wake();
        }
      } catch {
        // The engine is not there, or this listener was ended.
      }
      await pause(retryPause, undefined, { signal }).catch(() => undefined);
    }
  }
}
