import type { Body } from "../../model/document/bodies.ts";
import { otherColour, serviceInColour, type Colour } from "../../model/colour.ts";
import { memoryForColour } from "../../model/facts/fitness.ts";
import { isUp } from "../docker/container.ts";
import { Failure } from "../failure.ts";
import { memoryAvailable } from "../facts/machine.ts";
import { releaseFiles } from "../project/files.ts";
import { staleMounts } from "../project/mounts.ts";
import { Project } from "../project/project.ts";
import { Snapshot } from "../project/snapshot.ts";
import type { Work } from "../work.ts";
import { colourPlace, snapshotOf } from "../colours/colour.ts";
import { passGate } from "../checks/gate.ts";
import { CheckFailure } from "../checks/check-failure.ts";
import { checksOf } from "../checks/checks.ts";
import { watchRelease } from "../checks/watch.ts";
import { inColour, serversOf, Workers, workersOf } from "./workers.ts";

/** Refuses a colour whose limits do not fit into the memory that is free right before it starts (SEC-B7, F16, E12). */
export function requireMemory(
  needed: number | undefined,
  number: string,
  { available = memoryAvailable(), freed = 0 }: { readonly available?: number; readonly freed?: number } = {},
): void {
  const problem = memoryForColour(needed ?? 0, { available, freed });
  if (problem === undefined) return;
  throw new Failure("release", `${problem.what} (document ${number}); ${problem.todo}`);
}

/** The compose project of a release in one colour. */
export class ColourProject {
  readonly #body: Body<"rollout">;
  readonly #colour: Colour;
  readonly #work: Work;
  readonly #project: Project;
  readonly #snapshot: Snapshot;

  constructor(body: Body<"rollout">, colour: Colour, work: Work) {
    this.#body = body;
    this.#colour = colour;
    this.#work = work;
    this.#project = new Project(colourPlace(body, colour), work);
    this.#snapshot = new Snapshot(work);
  }

  get name(): string {
    return this.#project.place.project;
  }

  async isRunning(): Promise<boolean> {
    return (await this.#project.containers()).some(({ state }) => state === "running");
  }

  /** The sum of the limits of the containers that run, in bytes. */
  async memory(): Promise<number> {
    const running = (await this.#project.containers()).filter(isUp);
    return running.reduce((sum, { inspection }) => sum + inspection.HostConfig.Memory, 0);
  }

  deliver(): void {
    this.#project.deliver(releaseFiles(this.#body, this.#work, this.#colour));
  }

  /** Makes every container, and starts those of all services that do not wait for the switch. */
  async up(): Promise<void> {
    const { services } = checksOf(this.#body);
    const later = inColour(workersOf(services), this.#colour);
    await this.#project.up(inColour(serversOf(services), this.#colour), { later });
  }

  /** Makes every container, and starts none. */
  async make(): Promise<void> {
    await this.#project.make(inColour(checksOf(this.#body).services, this.#colour));
  }

  /** Makes again what is not as the document says, and leaves the rest alone. */
  async repair(): Promise<void> {
    this.deliver();
    await this.#project.remove(await this.#snapshot.changed(snapshotOf(this.#colour), this.#project));
    const services = Object.keys(this.#body.services).map((service) => serviceInColour(service, this.#colour));
    await this.#project.removeExcept(services);
    await this.up();
    const stale = staleMounts(await this.#project.containers(), this.#project.place.directory);
    await this.#project.restart([...new Set(stale.map(({ container }) => container))]);
  }

  /** Checks the services that do not wait for the switch. */
  async passGate({ live }: { readonly live: boolean }): Promise<void> {
    const { engine, signal, progress } = this.#work;
    const services = serversOf(checksOf(this.#body).services);
    const request = { engine, project: this.name, colour: this.#colour, services, live, signal, progress };
    await this.#logged(() => passGate(request));
  }

  /** Takes over the work of the other colour. */
  async takeWork({ live }: { readonly live: boolean }): Promise<void> {
    const { services } = checksOf(this.#body);
    const workers = new Workers(this.#body, this.#work);
    await this.#logged(() => workers.handOver(otherColour(this.#colour), this.#colour, services, { live }));
  }

  async watch(seconds: number): Promise<void> {
    const { engine, signal, progress } = this.#work;
    const { release } = this.#body;
    const own = { engine, place: this.#body, project: this.name, release, checks: checksOf(this.#body) };
    await this.#logged(() => watchRelease({ ...own, seconds, signal, progress }));
  }

  /** Shows the logs of the container that a check finds not to be well. */
  async #logged(check: () => Promise<void>): Promise<void> {
    try {
      await check();
    } catch (error) {
      if (error instanceof CheckFailure && error.container !== undefined) await this.#project.sayLogs(error.container);
      throw error;
    }
  }

  async remember(): Promise<void> {
    this.#work.changed();
    await this.#snapshot.remember(snapshotOf(this.#colour), this.#project);
  }
}
