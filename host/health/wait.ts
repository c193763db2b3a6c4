import { readFileSync } from "node:fs";
import { replicasOf, type Container } from "../docker/container.ts";
import type { Engine } from "../docker/engine.ts";
import type { Job } from "../../model/job.ts";
import { namesText } from "../../model/session/progress.ts";
import { ContainerEvents } from "./container-events.ts";
import type { Progress } from "../progress.ts";
import { faultOf } from "./fault.ts";

/** Seconds that a new container without a health check must run before it counts as ready. */
const settling = 2;

/** The same for one that has restarted. After this time Docker, too, counts it as ready. */
export const recovering = 10;

/** What to do about a service that ended well. */
const meantToEnd = "where it is meant to end, set job: true for it in `services`";

/** A service that must become ready. */
export interface AwaitedService {
  readonly name: string;
  /** Seconds that it may take. */
  readonly deadline: number;
  /** The service is ready when it has ended well; one that `may end` is so when it runs, too. @default it stays */
  readonly job?: Job | undefined;
  /** The ids of its containers that count. @default all but those that `docker compose run` made */
  readonly only?: ReadonlySet<string> | undefined;
}

/** A service that did not become ready: why, and its container if it has one. */
interface NotReady {
  readonly service: string;
  readonly why: string;
  readonly container: Container | undefined;
}

interface WaitOptions {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Hears of each service as soon as it is ready. */
  readonly tell?: (service: string) => Promise<void>;
}

/**
 * Waits until the services of a project are ready by Docker's word: running, and healthy if they have a health check.
 * Returns those that never will be: a service that exits or restarts fails at once (F35). `tell` hears of each service
 * as soon as it is ready, also if others never are (SEC-B11).
 */
export async function waitReady(
  engine: Engine,
  project: string,
  services: readonly AwaitedService[],
  { signal, progress, tell }: WaitOptions,
): Promise<NotReady[]> {
  using events = new ContainerEvents(engine, project);
  const wait = new Wait(services);
  const told = new Set<string>();
  let waitsFor: readonly string[] = [];
  using _wait = progress.waits(() => `waits for ${namesText(waitsFor)} to be ready`);
  for (;;) {
    const { ready, failed, pending } = wait.readiness(await engine.project(project));
    for (const service of ready.filter((name) => !told.has(name))) {
      await tell?.(service);
      told.add(service);
    }
    if (failed.length > 0 || pending.length === 0) return failed;
    waitsFor = pending;
    await events.next(signal);
  }
}

function countedOf({ name, only }: AwaitedService, containers: readonly Container[]): Container[] {
  return only === undefined ? replicasOf(containers, name) : containers.filter(({ id }) => only.has(id));
}

/** Tells whether the services are ready already, by containers of their project that were just asked for. */
export function areReady(services: readonly AwaitedService[], containers: readonly Container[]): boolean {
  const { failed, pending } = new Wait(services).readiness(containers);
  return failed.length === 0 && pending.length === 0;
}

/** The services of a project at one moment. */
interface Readiness {
  readonly ready: string[];
  readonly failed: NotReady[];
  readonly pending: string[];
}

type Verdict = "ready" | "pending" | NotReady;

class Wait {
  readonly #services: readonly AwaitedService[];
  readonly #began = performance.now();
  /** By container: its restarts when it was first seen. */
  readonly #restarts = new Map<string, number>();

  constructor(services: readonly AwaitedService[]) {
    this.#services = services;
  }

  readiness(containers: readonly Container[]): Readiness {
    const verdicts = this.#services.map((service) => this.#verdictOf(service, containers));
    const namesOf = (wanted: Verdict): string[] =>
      this.#services.filter((_service, index) => verdicts[index] === wanted).map(({ name }) => name);
    return {
      ready: namesOf("ready"),
      failed: verdicts.filter((verdict): verdict is NotReady => typeof verdict === "object"),
      pending: namesOf("pending"),
    };
  }

  #verdictOf(service: AwaitedService, containers: readonly Container[]): Verdict {
    const own = countedOf(service, containers);
    if (own.length === 0) return { service: service.name, why: "has no container", container: undefined };
    const verdicts = own.map((container) => this.#verdictOn(service, container));
    const failed = verdicts.find((verdict): verdict is NotReady => typeof verdict === "object");
    return failed ?? (verdicts.includes("pending") ? "pending" : "ready");
  }

  #verdictOn(service: AwaitedService, container: Container): Verdict {
    const { id, state, health, restarts } = container;
    const fail = (why: string): NotReady => ({ service: service.name, why, container });
    if (hasFinished(container, service.job)) return "ready";
    if (service.job === "ends") return this.#verdictOnJob(service, container);
    const before = this.#restarts.get(id) ?? restarts;
    this.#restarts.set(id, before);
    const fault = faultOf(container, before);
    if (fault !== undefined) return fail(hasEndedWell(container) ? `${fault}; ${meantToEnd}` : fault);
    if (state === "running" && (health === "healthy" || (health === "" && this.#isSettled(container)))) return "ready";
    if (this.#seconds() < service.deadline) return "pending";
    return fail(`is ${health === "" ? "not ready" : health} after ${service.deadline} s`);
  }

  /** A job is ready at its end alone. The engine starts one again that failed, where the compose file says so. */
  #verdictOnJob({ name, deadline }: AwaitedService, container: Container): Verdict {
    const failed = failureOfJob(container);
    if (failed !== undefined) return { service: name, why: failed, container };
    if (this.#seconds() < deadline) return "pending";
    return { service: name, why: `has not ended after ${deadline} s`, container };
  }

  /** A container that ran before this wait began has proved itself. */
  #isSettled({ pid, restarts }: Container): boolean {
    const needed = restarts > 0 ? recovering : settling;
    return this.#seconds() >= needed || (ageOf(pid) ?? 0) - this.#seconds() >= needed;
  }

  #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }
}

/** A job that ended well and is not started again. One that restarts on failure may be a server that broke (SEC-C6). */
export function isFinishedJob(container: Container): boolean {
  return hasEndedWell(container) && ["", "no"].includes(container.restartPolicy);
}

/** Tells whether a container is of a job that has ended well, as its document says or its restart policy. */
export function hasFinished(container: Container, job: Job | undefined): boolean {
  return isFinishedJob(container) || (job === "ends" && hasEndedWell(container));
}

/** How a job failed that nothing starts again; undefined if it did not, or has not yet. */
export function failureOfJob({ state, exitCode }: Pick<Container, "state" | "exitCode">): string | undefined {
  return state === "exited" || state === "dead" ? `ended with exit code ${exitCode}` : undefined;
}

/** Tells whether a container ended by itself, without an error. */
export function hasEndedWell({ state, exitCode }: Pick<Container, "state" | "exitCode">): boolean {
  return state === "exited" && exitCode === 0;
}

/** Ticks of the kernel's clock in a second, on every Linux that slipway runs on. */
const ticks = 100;

/**
 * Seconds since a process of this server started; undefined if there is no such process. They are counted from the
 * server's boot, so it does not matter when somebody sets the clock (SEC-C2, F17).
 */
export function ageOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const started = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]) / ticks;
    return Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) - started;
  } catch {
    return undefined;
  }
}
