import { join } from "node:path";
import { replicaName } from "../../model/container-name.ts";
import { composeLabel, type Container } from "../docker/container.ts";
import { Engine } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import type { DeliveredFile } from "../delivery/delivered-file.ts";
import { sumOf } from "../files/read.ts";
import { failureOfJob, hasEndedWell, isFinishedJob, waitReady, type AwaitedService } from "../health/wait.ts";
import { removeNetwork } from "../docker/remove-network.ts";
import type { Work } from "../work.ts";
import { composeWaits } from "./compose-wait.ts";
import { runCompose, type ComposeEnd, type ProjectPlace } from "./compose-command.ts";
import { composeContent, replicaNamesOf } from "./compose-file.ts";
import { endContainers } from "./end-containers.ts";
import { FinishedJobs } from "./jobs.ts";
import { ProjectLogs } from "./logs.ts";
import { ProjectView } from "./project-view.ts";

/** How a project comes up. */
interface UpOptions {
  readonly made?: (() => Promise<void>) | undefined;
  readonly later?: readonly AwaitedService[];
}

const again = "fix it, then run `pulumi up` again";

/** A compose project that a verb changes: its files, and its containers. Volumes are never touched. */
export class Project extends ProjectView {
  readonly #work: Work;
  readonly #logs: ProjectLogs;

  constructor(place: ProjectPlace, work: Work) {
    super(place, work);
    this.#work = work;
    this.#logs = new ProjectLogs(this, work);
  }

  /** Writes these files and removes the earlier ones; refuses to replace a file that slipway did not write (SEC-B4). */
  deliver(files: ReadonlyMap<string, DeliveredFile>): void {
    this.files.deliver(files, this.#work.number, (message) => this.#say(message));
  }

  /**
   * Makes every container as the compose file says, and starts them; those that are so already are not touched. A job
   * that has ended well runs again only if it was made again, or somebody who waits for it. `made` is called when all
   * are made, and before one starts. The services `later` are made, and not started.
   */
  async up(services: readonly AwaitedService[], { made, later = [] }: UpOptions = {}): Promise<void> {
    await this.#refuseForeign();
    this.#say("brings its containers up");
    for (const { id, state } of await this.containers()) {
      if (state === "paused") await this.#engine(() => this.#work.engine.unpause(id));
    }
    await this.#makeAndStart(services, { made, later });
    await this.#nameReplicas();
  }

  async #makeAndStart(services: readonly AwaitedService[], { made, later = [] }: UpOptions): Promise<void> {
    const seconds = secondsFor([...services, ...later]);
    const jobs = new FinishedJobs(services, await this.containers());
    const isWhole = jobs.isEmpty && later.length === 0;
    if (!isWhole || made !== undefined) await this.#composeUp(["--no-start"], seconds);
    await made?.();
    if (isWhole) {
      await this.#composeUp(["--detach"], seconds);
      return;
    }
    const staying = jobs.staying(await this.containers(), composeContent(this.place).toString("utf8"));
    await this.start(services.filter(({ name }) => !staying.includes(name)));
  }

  /** Starts services whose containers are made, and no others, in the order of the compose file. */
  async start(services: readonly AwaitedService[]): Promise<void> {
    if (services.length === 0) return;
    const names = services.map(({ name }) => name);
    // Without its dependencies a service looks changed to Compose 2.26, which would make it again.
    await this.#composeUp(["--detach", "--no-deps", "--no-recreate"], secondsFor(services), names);
  }

  /** Makes its containers without starting one. */
  async make(services: readonly AwaitedService[]): Promise<void> {
    await this.#refuseForeign();
    await this.#composeUp(["--no-start"], secondsFor(services));
  }

  /** Compose refuses a name for several containers, so they get theirs when they are there. */
  async #nameReplicas(): Promise<void> {
    const names = replicaNamesOf(composeContent(this.place).toString("utf8"));
    for (const { id, name, service, number } of await this.containers()) {
      const stem = names.get(service);
      if (stem === undefined || name === replicaName(stem, number)) continue;
      await this.#engine(() => this.#work.engine.rename(id, replicaName(stem, number)));
      this.#work.changed();
    }
  }

  async #composeUp(how: readonly string[], seconds: number, services: readonly string[] = []): Promise<void> {
    const words = ["up", ...how, "--no-build", "--pull", "never", "--quiet-pull", ...services];
    const { engine, progress } = this.#work;
    using _wait = progress.waits(async () => composeWaits(await engine.project(this.place.project)));
    const { code, output } = await this.compose(words, seconds);
    if (code === 0) return;
    await this.#logs.showCompose(output);
    const ill = (await this.containers()).filter(isUnhealthy);
    for (const container of ill) await this.#logs.show(container);
    const jobs = ill.flatMap(({ service, ...container }) => {
      const why = failureOfJob(container);
      return why === undefined ? [] : [`'${service}' ${why}`];
    });
    const failed = jobs.length === 0 ? "Compose failed" : jobs.join(", ");
    const what = code === undefined ? `Compose was not done within ${seconds} s and was ended` : failed;
    throw this.failure(`cannot bring it up: ${what} (document ${this.#work.number}); ${again}`);
  }

  /** Runs Compose on it. The output may hold secrets: only `showCompose` shows it. */
  async compose(words: readonly string[], seconds: number): Promise<ComposeEnd> {
    const { places, signal } = this.#work;
    const name = sumOf(this.place.project).slice(0, 16);
    const lock = join(places.stackRun, `compose.${name}.lock`);
    try {
      return await runCompose({ place: this.place, words, seconds, signal, lock });
    } finally {
      this.#work.changed();
    }
  }

  /** Shows what Compose printed, masked. */
  async showCompose(output: string): Promise<void> {
    await this.#logs.showCompose(output);
  }

  /** Waits until the services are ready, and tells of each as soon as it is; fails with the logs of ill ones. */
  async waitReady(
    services: readonly AwaitedService[],
    tell: (service: string) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const { engine, signal, number, progress } = this.#work;
    const options = { signal, progress, tell };
    const failed = await this.#engine(() => waitReady(engine, this.place.project, services, options));
    this.#work.changed();
    if (failed.length === 0) return;
    for (const { container } of failed) if (container !== undefined) await this.#logs.show(container);
    const what = failed.map(({ service, why }) => `'${service}' ${why}`).join(", ");
    throw this.failure(`${what} (document ${number}); ${again}`);
  }

  /** Shows the last lines of a container, without values. */
  async sayLogs(container: Container): Promise<void> {
    await this.#logs.show(container);
  }

  /** Ends containers in their own time, then removes them; volumes stay. */
  async remove(containers: readonly Container[]): Promise<void> {
    if (containers.length === 0) return;
    for (const { name } of containers) this.#say(`removes '${name}'`);
    const { engine } = this.#work;
    const begun = containers.filter(({ state }) => !["created", "exited", "dead"].includes(state));
    await endContainers(begun, this.place.project, this.#work).catch(() => undefined); // it is removed anyway
    for (const { id } of containers) await this.#engine(() => engine.removeContainer(id));
    this.#work.changed();
  }

  /** Starts containers again, so that they see the files that they mount. */
  async restart(containers: readonly Container[]): Promise<void> {
    await Promise.all(containers.map(({ id }) => this.#engine(() => this.#work.engine.restart(id))));
    this.#work.changed();
  }

  /** Removes the containers of all other services. Compose would also remove containers of others. */
  async removeExcept(services: readonly string[]): Promise<void> {
    await this.remove((await this.containers()).filter(({ service }) => !services.includes(service)));
  }

  /** Removes its containers, its own networks and the files that it brought; networks stay for services beside it. */
  async removeAll(): Promise<void> {
    this.#work.changed();
    await this.remove(await this.allContainers());
    if ((this.place.beside ?? []).length === 0) await this.#removeNetworks();
    this.files.remove((message) => this.#say(message));
  }

  failure(message: string): Failure {
    return new Failure(this.place.project, message);
  }

  async #removeNetworks(): Promise<void> {
    const networks = await this.#engine(() => this.#work.networks());
    const own = networks.filter(({ Labels: labels }) => labels?.[composeLabel.project] === this.place.project);
    for (const network of own) await removeNetwork(network, this.place.project, this.#work);
  }

  /** Compose would only say that a name is in use (F33). */
  async #refuseForeign(): Promise<void> {
    const ours = new Set((await this.containers()).map(({ id }) => id));
    const names = this.containerNames();
    for (const { id, name, image, project } of await this.#work.containers()) {
      if (!names.has(name) || ours.has(id)) continue;
      const owner = project === "" || project === this.place.project ? "" : ` of project '${project}'`;
      const what = `container '${name}'${owner} (${image}) has the name of ours, and slipway did not make it`;
      throw this.failure(`${what}; rename or remove it, then run \`pulumi up\` again`);
    }
  }

  async #engine<Result>(act: () => Promise<Result>): Promise<Result> {
    return await Engine.during(this.place.project, act);
  }

  #say(message: string): void {
    this.#work.say(this.place.project, message);
  }
}

/** Seconds for Compose to bring services up, some of which may wait for others to be ready. */
function secondsFor(services: readonly AwaitedService[]): number {
  return Math.max(0, ...services.map(({ deadline }) => deadline)) + 120;
}

function isUnhealthy(container: Container): boolean {
  if (hasEndedWell(container)) return !isFinishedJob(container);
  const { state, health } = container;
  return ["exited", "restarting", "dead"].includes(state) || health === "unhealthy";
}
