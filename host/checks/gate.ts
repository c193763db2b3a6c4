import { setTimeout as pause } from "node:timers/promises";
import { serviceInColour } from "../../model/colour.ts";
import { replicasOf, type Container } from "../docker/container.ts";
import type { Engine } from "../docker/engine.ts";
import { ContainerEvents } from "../health/container-events.ts";
import type { Progress } from "../progress.ts";
import type { Checks } from "./checks.ts";
import { Replica } from "./replica.ts";
import { CheckFailure } from "./check-failure.ts";

/** The services of a colour that must prove themselves. */
interface GateRequest {
  readonly engine: Engine;
  /** The compose project of the colour. */
  readonly project: string;
  readonly colour: string;
  readonly services: Checks["services"];
  /** Containers that serve already may have restarted before. */
  readonly live: boolean;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * The gate before a switch: every replica of every service has answered well so many times in a row over a while, runs
 * the image of the document, and never restarted (F37, F38, F39, F140). Throws `CheckFailure` as soon as one will not.
 */
export async function passGate(request: GateRequest): Promise<void> {
  const containers = await request.engine.project(request.project);
  const replicas = await replicasFor(request, containers);
  const gate = new Gate(request, replicas);
  gate.check(containers);
  if (replicas.length > 0) await gate.pass();
}

async function replicasFor(request: GateRequest, containers: readonly Container[]): Promise<Replica[]> {
  const { engine, colour, services, live } = request;
  const found = Object.entries(services).map(async ([name, service]) => {
    const own = replicasOf(containers, serviceInColour(name, colour));
    if (own.length === 0) throw new CheckFailure(`'${name}' has no container`);
    const expected = (await engine.image(service.image))?.id;
    if (expected === undefined)
      throw new CheckFailure(`the image '${service.image}' of '${name}' is not on this server`);
    for (const container of own) {
      if (container.imageId === expected) continue;
      throw new CheckFailure(`'${name}' runs '${container.image}' instead of '${service.image}'`, container);
    }
    return own.map((container) => new Replica(name, service, container, { restarts: live ? container.restarts : 0 }));
  });
  return (await Promise.all(found)).flat();
}

class Gate {
  readonly #request: GateRequest;
  readonly #replicas: readonly Replica[];
  /** Told when all replicas are well together. */
  #passed = Promise.withResolvers<undefined>();

  constructor(request: GateRequest, replicas: readonly Replica[]) {
    this.#request = request;
    this.#replicas = replicas;
  }

  /** Asks all replicas at the same time, until all are well together; the engine is asked once more before the end. */
  async pass(): Promise<void> {
    const { engine, project, progress } = this.#request;
    const end = new AbortController();
    const signal = AbortSignal.any([end.signal, this.#request.signal]);
    using events = new ContainerEvents(engine, project);
    using _wait = progress.waits(() => this.#replicas.flatMap((replica) => replica.missing ?? []).join("; "));
    try {
      const endless = [this.#observe(events, signal), ...this.#replicas.map((replica) => this.#ask(replica, signal))];
      do {
        await Promise.race([this.#passed.promise, ...endless]);
        this.#passed = Promise.withResolvers<undefined>();
        this.check(await engine.project(project));
      } while (!this.#isPassed());
    } finally {
      end.abort();
    }
  }

  /** Checks each container's state against what is expected of its replica. */
  check(containers: readonly Container[]): void {
    for (const replica of this.#replicas) replica.check(containers.find(({ id }) => id === replica.id));
  }

  #isPassed(): boolean {
    return this.#replicas.every(({ isWell }) => isWell);
  }

  /** Ends only by an error: a replica that is well is asked until the last one is. */
  async #ask(replica: Replica, signal: AbortSignal): Promise<never> {
    for (;;) {
      await replica.ask();
      if (this.#isPassed()) this.#passed.resolve(undefined);
      await pause(replica.interval * 1000, undefined, { signal });
    }
  }

  async #observe(events: ContainerEvents, signal: AbortSignal): Promise<never> {
    const { engine, project } = this.#request;
    for (;;) {
      await events.next(signal);
      this.check(await engine.project(project));
    }
  }
}
