import { setTimeout as pause } from "node:timers/promises";
import type { Colour } from "../../model/colour.ts";
import { findProxy } from "../checks/proxy.ts";
import { graceOf, isUp, type Container } from "../docker/container.ts";
import { Engine } from "../docker/engine.ts";
import { openConnections } from "../facts/sockets.ts";
import { step, type Work } from "../work.ts";
import { colourPlace, type ReleasePlace } from "../colours/colour.ts";

/** The longest drain in seconds, whatever grace period a service declares. */
const longest = 300;

/** Milliseconds from one look at the connections to the next. */
const interval = 200;

/**
 * Waits until the proxy has no connection to a colour that does not serve any more, for each container at most its
 * grace period. A service that ends at once when it is told to stop would break off what it is answering (F61).
 */
export async function drain(place: ReleasePlace, colour: Colour, work: Work): Promise<void> {
  const { engine } = work;
  const [all, proxy] = await Engine.during("release", () =>
    Promise.all([engine.project(colourPlace(place, colour).project), findProxy(engine, place)]),
  );
  if (proxy === undefined) return;
  const draining = new Draining(all.filter(isUp), proxy, work);
  if ((await draining.count()) > 0) await step(work, "drain", () => draining.wait(colour));
}

/** Containers that get no new request. */
class Draining {
  readonly #containers: readonly Container[];
  readonly #callers: ReadonlySet<string>;
  readonly #work: Work;

  constructor(containers: readonly Container[], proxy: Container, work: Work) {
    this.#containers = containers;
    this.#callers = new Set([...proxy.networks.values()].map(({ address }) => address));
    this.#work = work;
  }

  async wait(colour: Colour): Promise<void> {
    const began = performance.now();
    const seconds = Math.min(longest, Math.max(...this.#containers.map(graceOf)));
    let isTold = false;
    for (;;) {
      const passed = (performance.now() - began) / 1000;
      const count = await this.count(passed);
      if (count === 0) break;
      if (!isTold && passed > 2) {
        this.#work.say("release", `waits for ${connections(count)} to ${colour}, at most ${seconds} s`);
        isTold = true;
      }
      await pause(interval, undefined, { signal: this.#work.signal });
    }
    const left = await this.count();
    if (left > 0) this.#work.say("release", `${connections(left)} to ${colour} did not end in ${seconds} s`);
  }

  /** The connections of the containers whose time is not over. */
  async count(passed = -1): Promise<number> {
    const waiting = this.#containers.filter((one) => passed < Math.min(longest, graceOf(one)));
    const counts = await Promise.all(waiting.map(({ pid }) => openConnections(pid, this.#callers)));
    return counts.reduce((sum, count) => sum + count, 0);
  }
}

function connections(count: number): string {
  return count === 1 ? "1 connection" : `${count} connections`;
}
