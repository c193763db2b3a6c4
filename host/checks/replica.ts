import { addressOf, type Container } from "../docker/container.ts";
import { probe, type ProbeAnswer } from "../health/probe.ts";
import { faultOf } from "../health/fault.ts";
import { failureOfJob, hasFinished } from "../health/wait.ts";
import { isGoodStatus, type CheckedService } from "./checks.ts";
import { CheckFailure } from "./check-failure.ts";

/** One container of a release service on its way through the gate. */
export class Replica {
  readonly id: string;
  readonly #name: string;
  readonly #service: CheckedService;
  readonly #restarts: number;
  readonly #began = performance.now();
  #container: Container;
  /** Good answers in a row: how many, since when, and the most that there ever were. */
  #row = 0;
  #since = 0;
  #most = 0;
  /** The last answer that was not good. */
  #bad = "";

  constructor(name: string, service: CheckedService, container: Container, before: { readonly restarts: number }) {
    this.#name = name;
    this.#service = service;
    this.#container = container;
    this.#restarts = before.restarts;
    this.id = container.id;
  }

  /** Seconds from one question to the next. */
  get interval(): number {
    return this.#service.gate.interval;
  }

  get isWell(): boolean {
    const { answers, seconds } = this.#service.gate;
    return this.#row >= answers && performance.now() - this.#since >= seconds * 1000;
  }

  /** What is missing until it is well, for people; undefined if nothing is. */
  get missing(): string | undefined {
    if (this.isWell) return undefined;
    const { gate, port, job } = this.#service;
    const { answers, seconds } = gate;
    if (this.#row === 0) {
      if (job === "ends") return `'${this.#name}' has not ended yet`;
      if (this.#bad === "") return `'${this.#name}' was not asked yet`;
      return `'${this.#name}' ${port === undefined ? "is" : "answered"} ${this.#bad}`;
    }
    const row = `${Math.min(this.#row, answers)} of ${answers} good answers in a row`;
    return `'${this.#name}' gave ${row}${this.#row < answers ? "" : `, and must for ${seconds} s`}`;
  }

  /** Checks the container's state against what is expected: it is there, runs, and did not restart. */
  check(container: Container | undefined): void {
    if (container === undefined) throw new CheckFailure(`a container of '${this.#name}' is gone`);
    this.#container = container;
    if (this.#isEndedJob()) return;
    const isJob = this.#service.job === "ends";
    const fault = isJob ? failureOfJob(container) : faultOf(container, this.#restarts);
    if (fault !== undefined) throw this.#failure(fault);
  }

  /** Asks the container once. Throws when it has had its time and still is not well. */
  async ask(): Promise<void> {
    const { good, words } = await this.#probe();
    const now = performance.now();
    if (good) {
      if (this.#row === 0) this.#since = now;
      this.#row += 1;
      this.#most = Math.max(this.#most, this.#row);
      return;
    }
    this.#row = 0;
    this.#bad = words;
    const { deadline, job } = this.#service;
    if (now - this.#began < deadline * 1000) return;
    if (job === "ends") throw this.#failure(`has not ended within ${deadline} s`);
    const best = this.#most === 0 ? "no answer was good" : `at most ${this.#most} answers in a row were good`;
    const how = `it answered ${words}, and ${best}`;
    throw this.#failure(`was not healthy within ${deadline} s: ${how}`);
  }

  async #probe(): Promise<ProbeAnswer> {
    const answer = await this.#mainAnswer();
    const { opens = [] } = this.#service;
    const address = opens.length === 0 || !answer.good ? undefined : addressOf(this.#container);
    if (address === undefined) return answer;
    const others = await Promise.all(opens.map((port) => probe({ address, port, path: undefined })));
    const closed = others.findIndex(({ good }) => !good);
    if (closed < 0) return answer;
    return { good: false, words: `${others[closed]?.words ?? ""} at port ${opens[closed] ?? ""}` };
  }

  async #mainAnswer(): Promise<ProbeAnswer> {
    const { port, health, job } = this.#service;
    if (port === undefined || job === "ends") return this.#engineAnswer();
    const address = addressOf(this.#container);
    if (address === undefined) return { good: false, words: "nothing: it has no address" };
    if (health === undefined) return await probe({ address, port, path: undefined });
    const isGood = ({ status }: { readonly status: number }): boolean => isGoodStatus(health, status);
    return await probe({ address, port, path: health.path, headers: health.headers ?? {}, isGood });
  }

  /** A service without a port serves nobody, so the engine's health check decides, or that it runs. */
  #engineAnswer(): ProbeAnswer {
    const { state, health } = this.#container;
    const runs = this.#service.job !== "ends" && state === "running" && ["", "healthy"].includes(health);
    const good = runs || this.#isEndedJob();
    return { good, words: health === "" ? state : health };
  }

  #isEndedJob(): boolean {
    const { port, job } = this.#service;
    return (port === undefined || job === "ends") && hasFinished(this.#container, job);
  }

  #failure(how: string): CheckFailure {
    return new CheckFailure(`'${this.#name}' ${how}`, this.#container);
  }
}
