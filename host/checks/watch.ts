import { Buffer } from "node:buffer";
import { setTimeout as pause } from "node:timers/promises";
import type { Container } from "../docker/container.ts";
import type { Engine } from "../docker/engine.ts";
import { ContainerEvents } from "../health/container-events.ts";
import { probe, type HttpAnswer, type ProbeAnswer } from "../health/probe.ts";
import { probeConnection } from "../health/connection.ts";
import { faultOf } from "../health/fault.ts";
import type { Progress } from "../progress.ts";
import { isFinished } from "./job.ts";
import { isGoodStatus, type Checks, type HealthRequest } from "./checks.ts";
import { proxyAddress } from "./proxy.ts";
import { CheckFailure } from "./check-failure.ts";

/** A release that serves, and how long it is watched. */
interface WatchRequest {
  readonly engine: Engine;
  /** The place of the whole stack, whose proxy is asked. */
  readonly place: { readonly project: string };
  /** The compose project of the colour that serves. */
  readonly project: string;
  /** Version of the release, which the proxy adds to each answer. */
  readonly release: string;
  readonly checks: Checks;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Seconds between two requests to an entry point. */
export const entryPointInterval = 0.5;

/** What the proxy itself answers for a service that does not. */
const gatewayErrors = [502, 503, 504];

/**
 * Watches a release after the switch: each entry point answers through the proxy for this release, and no container
 * becomes unhealthy, restarts or goes (E4, E18). Throws `CheckFailure` at the first that is not so.
 */
export async function watchRelease(request: WatchRequest): Promise<void> {
  const { engine, project, checks, seconds, progress } = request;
  const end = new AbortController();
  const signal = AbortSignal.any([end.signal, request.signal]);
  const containers = new WatchedContainers(project, checks.services, await engine.project(project));
  using events = new ContainerEvents(engine, project);
  const until = performance.now() + seconds * 1000;
  using _wait = progress.waits(() => `watches for ${seconds} s; every answer was good`);
  const observe = async (): Promise<void> => {
    while (performance.now() < until) {
      await events.next(signal);
      containers.check(await engine.project(project));
    }
  };
  try {
    const asked = Object.entries(checks.entryPoints).map(([name, entry]) =>
      askUntil(until, name, entry, request, signal),
    );
    await Promise.all([observe(), ...asked]);
    containers.check(await engine.project(project));
  } finally {
    end.abort();
  }
}

type EntryPoint = Checks["entryPoints"][string];

/** A release that serves, as far as the proxy is asked for it. */
export type ServedRelease = Pick<WatchRequest, "engine" | "place" | "release" | "checks">;

/**
 * Asks for the release through an entry point of the proxy, and tells in which way the answer is bad; undefined if it
 * is good. Retries a bad answer once, so that a single failure does not count.
 */
export async function askEntryPoint(
  name: string,
  entry: EntryPoint,
  served: ServedRelease,
): Promise<string | undefined> {
  const { release, checks } = served;
  const health = checks.services[entry.service]?.health;
  const isGood = (answer: HttpAnswer): boolean => answersFor(release, health, answer);
  const first = await ask(entry, served, isGood);
  const answer = first.good ? first : await ask(entry, served, isGood);
  return answer.good ? undefined : `answered ${answer.words} (${name})`;
}

/** Asks an entry point once, whichever release answers: only an error of the server, or no answer, is bad. */
export async function askAnyRelease(entry: EntryPoint, served: Omit<ServedRelease, "release">): Promise<ProbeAnswer> {
  const good = served.checks.services[entry.service]?.health?.status;
  return await ask(entry, served, ({ status }) => status < 500 || status === good);
}

/** Asks an entry point until the time is over. */
async function askUntil(
  until: number,
  name: string,
  entry: EntryPoint,
  request: WatchRequest,
  signal: AbortSignal,
): Promise<void> {
  do {
    const why = await askEntryPoint(name, entry, request);
    if (why !== undefined) throw new CheckFailure(`'${entry.service}' ${why}`);
    await pause(Math.max(0, Math.min(entryPointInterval * 1000, until - performance.now())), undefined, { signal });
  } while (performance.now() < until);
}

async function ask(
  entry: EntryPoint,
  { engine, place, checks }: Omit<ServedRelease, "release">,
  isGood: (answer: HttpAnswer) => boolean,
): Promise<ProbeAnswer> {
  const address =
    entry.address === undefined ? await proxyAddress(engine, place, entry.network) : reachable(entry.address);
  if (address === undefined) return { good: false, words: "nothing: the proxy does not run" };
  if (entry.speaks === "tcp") {
    const { good, words } = await probeConnection({ address, port: entry.port });
    return { good, words: `${words} through the proxy` };
  }
  const health = checks.services[entry.service]?.health;
  const { good, words } = await probe({
    address,
    port: entry.port,
    path: health?.path ?? "/",
    headers: health?.headers ?? {},
    isGood,
  });
  return { good, words: `${words} through the proxy` };
}

/** The answer is this release's, not another's, and not the proxy's own about a service that does not answer. */
function answersFor(release: string, health: HealthRequest | undefined, { status, headers }: HttpAnswer): boolean {
  const value = headers["x-slipway-release"] ?? "";
  const named = Buffer.from(Array.isArray(value) ? value.join() : value, "latin1").toString("utf8");
  if (named !== release.trim()) return false;
  return health === undefined ? !gatewayErrors.includes(status) : isGoodStatus(health, status);
}

/** An address that stands for all of a server's addresses is asked by its loopback. */
function reachable(address: string): string {
  if (address === "0.0.0.0") return "127.0.0.1";
  return address === "::" ? "::1" : address;
}

/** The containers of a colour as they were when the watch began. */
class WatchedContainers {
  readonly #project: string;
  readonly #services: Checks["services"];
  readonly #restarts: ReadonlyMap<string, number>;

  constructor(project: string, services: Checks["services"], containers: readonly Container[]) {
    this.#project = project;
    this.#services = services;
    this.#restarts = new Map(containers.filter(({ oneOff }) => !oneOff).map(({ id, restarts }) => [id, restarts]));
    if (this.#restarts.size === 0) throw new CheckFailure(`'${project}' has no containers`);
    this.check(containers);
  }

  check(containers: readonly Container[]): void {
    for (const [id, restarts] of this.#restarts) {
      const container = containers.find((one) => one.id === id);
      if (container === undefined) throw new CheckFailure(`a container of '${this.#project}' is gone`);
      if (isFinished(container, this.#services)) continue;
      const how = faultOf(container, restarts) ?? notServing(container);
      if (how !== undefined) throw new CheckFailure(`'${container.name}' ${how}`, container);
    }
  }
}

/** Why a container does not serve that has not failed either; undefined if it does. */
function notServing({ state, health }: Container): string | undefined {
  if (state !== "running") return "was not started";
  return health === "unhealthy" ? "is unhealthy" : undefined;
}
