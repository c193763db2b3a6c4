import type { Container } from "../docker/container.ts";
import type { Engine } from "../docker/engine.ts";
import { ContainerEvents } from "./container-events.ts";

/** Milliseconds that a new container without a health check must run before it counts as ready. */
const settling = 2000;

/** A service that must become ready. */
export interface AwaitedService {
  readonly name: string;
  /** Seconds that it may take. */
  readonly deadline: number;
}

/** A service that did not become ready: why, and its container if it has one. */
export interface NotReady {
  readonly service: string;
  readonly why: string;
  readonly container: Container | undefined;
}

/**
 * Waits until the services of a project are ready by Docker's word: running, and healthy if they have a health check.
 * Returns those that never will be: a service that exits or restarts fails at once (F35).
 */
export async function waitReady(
  engine: Engine,
  project: string,
  services: readonly AwaitedService[],
  signal: AbortSignal,
): Promise<NotReady[]> {
  using events = new ContainerEvents(engine, project);
  const wait = new Wait(services);
  for (;;) {
    const { failed, pending } = wait.look(await engine.project(project));
    if (failed.length > 0 || !pending) return failed;
    await events.next(signal);
  }
}

type Verdict = "ready" | "pending" | NotReady;

class Wait {
  readonly #services: readonly AwaitedService[];
  readonly #began = performance.now();
  readonly #beganAt = Date.now();
  /** By container: its restarts when it was first seen. */
  readonly #restarts = new Map<string, number>();

  constructor(services: readonly AwaitedService[]) {
    this.#services = services;
  }

  look(containers: readonly Container[]): { readonly failed: NotReady[]; readonly pending: boolean } {
    const verdicts = this.#services.map((service) => this.#verdictOf(service, containers));
    return {
      failed: verdicts.filter((verdict): verdict is NotReady => typeof verdict === "object"),
      pending: verdicts.includes("pending"),
    };
  }

  #verdictOf(service: AwaitedService, containers: readonly Container[]): Verdict {
    const own = containers.filter((container) => container.service === service.name && !container.oneOff);
    if (own.length === 0) return { service: service.name, why: "has no container", container: undefined };
    const verdicts = own.map((container) => this.#verdictOn(service, container));
    const failed = verdicts.find((verdict): verdict is NotReady => typeof verdict === "object");
    return failed ?? (verdicts.includes("pending") ? "pending" : "ready");
  }

  #verdictOn(service: AwaitedService, container: Container): Verdict {
    const { id, state, health, restarts, exitCode } = container;
    const fail = (why: string): NotReady => ({ service: service.name, why, container });
    if (isDone(container)) return "ready";
    if (state !== "running" && state !== "created") return fail(`is ${state} with exit code ${exitCode}`);
    const before = this.#restarts.get(id) ?? restarts;
    this.#restarts.set(id, before);
    if (restarts !== before) return fail("restarts"); // it runs again, so its exit code is no longer known
    if (state === "running" && (health === "healthy" || (health === "" && this.#isSettled(container)))) return "ready";
    if (this.#seconds() < service.deadline) return "pending";
    return fail(`is ${health === "" ? "not ready" : health} after ${service.deadline} s`);
  }

  /** A container that ran before this wait began has proved itself. */
  #isSettled({ startedAt }: Container): boolean {
    return this.#seconds() * 1000 >= settling || Date.parse(startedAt) < this.#beganAt - settling;
  }

  #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }
}

/** A job that ended well and is not started again. */
export function isDone({ state, exitCode, restartPolicy }: Container): boolean {
  return state === "exited" && exitCode === 0 && ["", "no", "on-failure"].includes(restartPolicy);
}
