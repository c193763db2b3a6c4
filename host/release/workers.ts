import { messageOf } from "../../model/problem.ts";
import { serviceInColour, type Colour } from "../../model/colour.ts";
import type { Checks } from "../checks/checks.ts";
import { failureOf } from "../checks/check-failure.ts";
import { passGate } from "../checks/gate.ts";
import { isUp, type Container } from "../docker/container.ts";
import { Engine } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import type { AwaitedService } from "../health/wait.ts";
import { endContainers } from "../project/end-containers.ts";
import { Project } from "../project/project.ts";
import { step, type Work } from "../work.ts";
import { colourPlace, type ReleasePlace } from "../colours/colour.ts";
import { Colours } from "../colours/colours.ts";

type Services = Checks["services"];

/** The services of a release that start when it has the traffic, such as those that take work from a queue. */
export function workersOf(services: Services): Services {
  return Object.fromEntries(Object.entries(services).filter(([, { start }]) => start !== undefined));
}

/** The services of a release that start before it gets the traffic. */
export function serversOf(services: Services): Services {
  return Object.fromEntries(Object.entries(services).filter(([, { start }]) => start === undefined));
}

/** Tells whether a container is of one of these services. */
export function isOf(container: Container, services: Services, colour: Colour): boolean {
  return Object.keys(services).some((name) => container.service === serviceInColour(name, colour));
}

/** Services as the compose file of a colour names them. */
export function inColour(services: Services, colour: Colour): AwaitedService[] {
  return Object.entries(services).map(([name, { deadline, job }]) => ({
    name: serviceInColour(name, colour),
    deadline,
    job,
  }));
}

/**
 * The services of one stack that work rather than answer. Those of one release stop before those of another start, so
 * that two versions never work on one queue. A colour whose workers do not run says so in its memory.
 */
export class Workers {
  readonly #place: ReleasePlace;
  readonly #work: Work;

  constructor(place: ReleasePlace, work: Work) {
    this.#place = place;
    this.#work = work;
  }

  /** Stops the workers of a colour in their own time: those that its own checks name, and these. */
  async stop(colour: Colour, also: Services = {}): Promise<void> {
    const { engine } = this.#work;
    const { checks } = this.#colours.of(colour) ?? {};
    const workers = { ...workersOf(also), ...workersOf(checks?.services ?? {}) };
    if (Object.keys(workers).length === 0) return;
    const all = await Engine.during("release", () => engine.project(colourPlace(this.#place, colour).project));
    const running = all.filter((one) => isUp(one) && isOf(one, workers, colour));
    if (running.length === 0) return;
    this.#note(colour, "due");
    this.#work.say("release", `stops ${running.map(({ name }) => `'${name}'`).join(", ")}`);
    await step(this.#work, "stop workers", () =>
      Engine.during("release", () => endContainers(running, "release", this.#work)),
    );
    this.#work.changed();
  }

  /** Starts the workers of a colour that serves, and waits until each has passed its gate. */
  async start(colour: Colour, services: Services, { live }: { readonly live: boolean }): Promise<void> {
    const workers = workersOf(services);
    if (Object.keys(workers).length === 0) return;
    const project = new Project(colourPlace(this.#place, colour), this.#work);
    await step(this.#work, "start workers", () => project.start(inColour(workers, colour)));
    this.#note(colour, undefined);
    const { engine, signal, progress } = this.#work;
    const own = { engine, project: project.place.project, colour, services: workers, live, signal, progress };
    await step(this.#work, "gate workers", () => passGate(own));
  }

  /** Hands over the work of the other colour: in one, workers stop, then in the other, they start. */
  async handOver(from: Colour, to: Colour, services: Services, how: { readonly live: boolean }): Promise<void> {
    await this.stop(from, services);
    await this.start(to, services, how);
  }

  /** Why the workers of a colour are not well that must start; undefined if they are. */
  async whyNotStarted(colour: Colour, services: Services): Promise<string | undefined> {
    try {
      return (await failureOf(() => this.start(colour, services, { live: true })))?.message;
    } catch (error) {
      if (error instanceof Failure) return error.message;
      throw error;
    }
  }

  get #colours(): Colours {
    return Colours.at(this.#place, this.#work);
  }

  /** Only the next run after a killed one needs this note, so a full disk must not stop the workers (F14). */
  #note(colour: Colour, workers: "due" | undefined): void {
    const colours = this.#colours;
    const entry = colours.of(colour);
    try {
      if (entry !== undefined) colours.set(colour, { ...entry, workers });
    } catch (error) {
      this.#work.say("release", messageOf(error));
    }
  }
}
