import type { Body } from "../../model/document/bodies.ts";
import { serviceInColour, type Colour } from "../../model/colour.ts";
import { memoryForColour } from "../../model/facts/fitness.ts";
import type { Container } from "../docker/container.ts";
import { Failure } from "../failure.ts";
import { memoryAvailable } from "../facts/machine.ts";
import { releaseFiles } from "../project/files.ts";
import { staleMounts } from "../project/mounts.ts";
import { Project } from "../project/project.ts";
import { Snapshot } from "../project/snapshot.ts";
import type { Work } from "../work.ts";
import { colourPlace, snapshotOf } from "./colour.ts";
import { passGate } from "../checks/gate.ts";
import { failureOf } from "../checks/check-failure.ts";

/** Refuses a colour whose limits do not fit into the memory that is free right before it starts (SEC-B7, F16, E12). */
export function requireMemory(needed: number | undefined, number: string, available = memoryAvailable()): void {
  const problem = memoryForColour(needed ?? 0, available);
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

  deliver(): void {
    this.#project.deliver(releaseFiles(this.#body, this.#work, this.#colour));
  }

  async up(): Promise<void> {
    const services = Object.entries(this.#body.services).map(([name, { deadline, job }]) => {
      return { name: serviceInColour(name, this.#colour), deadline, job };
    });
    await this.#project.up(services);
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

  /** Fails with the logs of the container that is not well. */
  async passGate({ live }: { readonly live: boolean }): Promise<void> {
    const { engine, signal, number } = this.#work;
    const { services, release } = this.#body;
    const request = { engine, project: this.name, colour: this.#colour, services, live, signal };
    const failure = await failureOf(() => passGate(request));
    if (failure === undefined) return;
    if (failure.container !== undefined) await this.#project.sayLogs(failure.container);
    const what = `${release} is unhealthy: ${failure.message} (document ${number})`;
    throw new Failure("release", `${what}; fix it, then release again`);
  }

  async sayLogs(container: Container): Promise<void> {
    await this.#project.sayLogs(container);
  }

  async remember(): Promise<void> {
    this.#work.changed();
    await this.#snapshot.remember(snapshotOf(this.#colour), this.#project);
  }
}
