import { expect } from "vitest";
import { readContainers } from "../deployment/containers.ts";
import type { AdoptionServer } from "./adoption-server.ts";
import { AdoptingProject } from "./adopting-project.ts";
import { composeUp, settled, startByHand } from "./by-hand.ts";
import type { HandMade } from "./hand-made.ts";
import type { Recorded } from "./recorded.ts";
import { dataPlaces, readRows, rowsOf, servicesAnswer, writeRow } from "./rows.ts";

/** A hand-made deployment that is being adopted, and what it had before. */
export class AdoptionStory {
  readonly project: AdoptingProject;
  readonly #site: AdoptionServer;
  readonly #deployment: HandMade;
  readonly #recorded: Recorded;
  /** The ids of the containers that were there before. */
  readonly #old: readonly string[];
  readonly #places: Readonly<Record<string, string>>;
  readonly #rows: string[] = [];

  private constructor(
    site: AdoptionServer,
    deployment: HandMade,
    found: { recorded: Recorded; project: AdoptingProject; old: string[]; places: Readonly<Record<string, string>> },
  ) {
    this.#site = site;
    this.#deployment = deployment;
    this.#recorded = found.recorded;
    this.project = found.project;
    this.#old = found.old;
    this.#places = found.places;
  }

  /** Starts the deployment by hand, and makes a project of its compose file. */
  static async begin(site: AdoptionServer, deployment: HandMade): Promise<AdoptionStory> {
    const recorded = await startByHand(site, deployment);
    const old = (await readContainers(site.server)).map(({ id }) => id);
    const places = await dataPlaces(site.server, deployment);
    const project = await AdoptingProject.make(site, deployment);
    const story = new AdoptionStory(site, deployment, { recorded, project, old, places });
    await story.#write("by-hand");
    return story;
  }

  /** The plan says what becomes of each container, and neither it nor the command before it changes anything. */
  async isPlanned(): Promise<void> {
    const before = await readContainers(this.#site.server);
    await this.project.slipway("adopt");
    const preview = await this.project.slipway("preview", "--color", "never");
    for (const { name } of this.#recorded.containers) expect(preview).toContain(`container ${name}`);
    expect(preview).toContain("no answers until the stack's own services are ready");
    expect(await readContainers(this.#site.server)).toEqual(before);
  }

  /** All services run as the stack has them, on the same data, and another `up` finds nothing to do. */
  async isDeployed(): Promise<void> {
    await this.project.slipway("up", "--yes", "--skip-preview", "--color", "never");
    await this.runsAlone();
    expect(await this.project.changesOfUp()).toEqual(["same"]);
    await this.#write("by-slipway");
  }

  /** The services of the stack run on the old data, and none of the old containers does. */
  async runsAlone(): Promise<void> {
    await servicesAnswer(this.#site.server, this.#deployment);
    await this.#expectSameData();
    const running = (await readContainers(this.#site.server)).filter(({ state }) => state === "running");
    expect(running.map(({ id }) => id).filter((id) => this.#old.includes(id))).toEqual([]);
  }

  /** What ran before runs again, so that Compose itself has nothing to do. */
  async isUndone(): Promise<void> {
    await this.project.slipway("adopt", "--undo", "--yes");
    await servicesAnswer(this.#site.server, this.#deployment);
    expect(await settled(this.#site, this.#deployment)).toEqual(this.#recorded);
    const again = await this.#lasting();
    await composeUp(this.#site, this.#deployment);
    expect(await this.#lasting()).toEqual(again);
    await this.#expectSameData();
    await this.#write("by-hand-again");
  }

  /** After somebody has said so, the next `up` removes the old containers and nothing else. */
  async isDone(): Promise<void> {
    await this.project.slipway("adopt", "--done");
    await this.project.slipway("up", "--yes", "--skip-preview", "--color", "never");
    const containers = await readContainers(this.#site.server);
    expect(containers.map(({ id }) => id).filter((id) => this.#old.includes(id))).toEqual([]);
    await servicesAnswer(this.#site.server, this.#deployment);
    await this.#expectSameData();
    expect(await this.project.changesOfUp()).toEqual(["same"]);
  }

  /** The containers that run on: Compose may start a job again, which has ended. */
  async #lasting(): Promise<string[]> {
    const containers = await readContainers(this.#site.server);
    return containers.filter(({ state }) => state === "running").map(({ id }) => id);
  }

  async #write(row: string): Promise<void> {
    await writeRow(this.#site.server, this.#deployment, row);
    this.#rows.push(row);
    await this.#expectSameData();
  }

  async #expectSameData(): Promise<void> {
    expect(await readRows(this.#site.server, this.#deployment)).toEqual(rowsOf(this.#deployment, this.#rows));
    expect(await dataPlaces(this.#site.server, this.#deployment)).toEqual(this.#places);
  }
}
