import { z } from "zod";
import type { Body } from "../../model/document/bodies.ts";
import { trafficSchema, type Traffic } from "../../model/facts/release.ts";
import { checksOf } from "../checks/checks.ts";
import { findProxy } from "../checks/proxy.ts";
import { TrafficProbe } from "../checks/traffic-probe.ts";
import { askAnyRelease } from "../checks/watch.ts";
import type { StackState } from "../state/stack-state.ts";
import type { Work } from "../work.ts";
import { errorAnswers } from "./proxy-log.ts";

const memorySchema = z.object({ run: z.string(), traffic: trafficSchema });

const memory = "traffic";

/** What became of requests while a run moved the traffic; undefined if it moved none. */
export function trafficOf(state: StackState, run: string): Traffic | undefined {
  const remembered = state.memory(memory, memorySchema);
  return remembered?.run === run ? remembered.traffic : undefined;
}

/**
 * Counts the requests that are lost while the traffic goes to another release, from before the switch until the end of
 * the watch. Nothing depends on the count: a log that cannot be read ends no release.
 */
export class MovingTraffic {
  readonly #body: Body<"rollout">;
  readonly #work: Work;
  #probe: TrafficProbe | undefined;
  #since = new Date();

  constructor(body: Body<"rollout">, work: Work) {
    this.#body = body;
    this.#work = work;
  }

  /** Begins to count, unless it has begun. */
  begin(): void {
    if (this.#probe !== undefined) return;
    const { engine } = this.#work;
    const checks = checksOf(this.#body);
    const published = Object.values(checks.entryPoints).filter(({ address }) => address !== undefined);
    const served = { engine, place: this.#body, checks };
    this.#since = new Date();
    this.#probe = new TrafficProbe(published.map((entry) => () => askAnyRelease(entry, served)));
  }

  /** Ends the count, remembers it for the run's record, and tells it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#probe === undefined) return;
    const { asked, failed } = await this.#probe.end();
    const errors = await this.#errors();
    const { run, state } = this.#work;
    const traffic: Traffic = { asked, failed, errors };
    state.remember(memory, { run, traffic });
    const own = asked === 0 ? "" : `${failed} of slipway's own ${asked} requests failed, and `;
    this.#work.say("release", `while the traffic moved, ${own}the proxy answered ${errors} requests with an error`);
  }

  async #errors(): Promise<number> {
    const { engine } = this.#work;
    try {
      const proxy = await findProxy(engine, this.#body);
      const log = proxy === undefined ? "" : await engine.logsSince(proxy.id, this.#since);
      return errorAnswers(log, this.#since, new Date());
    } catch {
      return 0;
    }
  }
}
