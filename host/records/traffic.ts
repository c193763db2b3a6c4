import { z } from "zod";
import type { Body } from "../../model/document/bodies.ts";
import { trafficSchema, type Traffic } from "../../model/facts/release/release.ts";
import { messageOf } from "../../model/problem.ts";
import { checksOf } from "../checks/checks.ts";
import { findProxy } from "../checks/proxy.ts";
import { TrafficProbe } from "../checks/traffic-probe.ts";
import { askAnyRelease } from "../checks/watch.ts";
import { clock } from "../progress.ts";
import type { StackState } from "../state/stack-state.ts";
import type { Work } from "../work.ts";
import { errorAnswers } from "./proxy-log.ts";

const memorySchema = z.object({ run: z.string(), traffic: trafficSchema });

const memory = "traffic";

/** How far, in milliseconds, small corrections may move the system clock away from the monotonic clock. */
const mostDrift = 500;

/** What became of requests while a run moved the traffic; undefined if it moved none. */
export function trafficOf(state: StackState, run: string): Traffic | undefined {
  const remembered = state.memory(memory, memorySchema);
  return remembered?.run === run ? remembered.traffic : undefined;
}

/**
 * Counts the requests that are lost while the traffic goes to another release, from before the switch until the end of
 * the watch. Nothing depends on the count.
 */
export class MovingTraffic {
  readonly #body: Body<"rollout">;
  readonly #work: Work;
  #probe: TrafficProbe | undefined;
  #since = new Date();
  #began = clock();

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
    this.#began = clock();
    this.#probe = new TrafficProbe(published.map((entry) => () => askAnyRelease(entry, served)));
  }

  /** Ends the count, remembers it for the run's record, and tells it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#probe === undefined) return;
    const { asked, failed } = await this.#probe.end();
    const errors = await this.#errors();
    this.#remember({ asked, failed, ...(errors !== undefined && { errors }) });
    const own = asked === 0 ? "" : `${failed} of slipway's own ${asked} requests failed, and `;
    const ofAll =
      errors === undefined
        ? "the proxy's log could not be read"
        : `the proxy answered ${errors} requests with an error`;
    this.#work.say("release", `while the traffic moved, ${own}${ofAll}`);
  }

  #remember(traffic: Traffic): void {
    const { run, state } = this.#work;
    try {
      state.remember(memory, { run, traffic });
    } catch (error) {
      this.#work.say("release", `the count of lost requests is not kept: ${messageOf(error)}`);
    }
  }

  /** The times in the proxy's log say nothing about the time of the switch then (SEC-C2). */
  #clockWasSet(): boolean {
    return Math.abs(Date.now() - this.#since.getTime() - (clock() - this.#began)) > mostDrift;
  }

  async #errors(): Promise<number | undefined> {
    const { engine } = this.#work;
    try {
      const proxy = await findProxy(engine, this.#body);
      if (this.#clockWasSet()) return undefined;
      return proxy && errorAnswers(await engine.logsSince(proxy.id, this.#since), this.#since, new Date());
    } catch {
      return undefined; // the count ends no release
    }
  }
}
