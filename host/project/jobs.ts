import { hasFinished, type AwaitedService } from "../health/wait.ts";
import { replicasOf, type Container } from "../docker/container.ts";
import { awaitedEnds } from "./compose-file.ts";

/** The jobs of a compose project that have ended well, before Compose makes its containers. */
export class FinishedJobs {
  readonly #before: readonly Container[];
  readonly #jobs: readonly string[];

  constructor(services: readonly AwaitedService[], containers: readonly Container[]) {
    this.#before = containers;
    this.#jobs = services
      .filter((service) => {
        const own = replicasOf(containers, service.name);
        return own.length > 0 && own.every((container) => hasFinished(container, service.job));
      })
      .map(({ name }) => name);
  }

  get isEmpty(): boolean {
    return this.#jobs.length === 0;
  }

  /**
   * Those that stay as they ended, by the containers that Compose has made meanwhile: nothing of the job changed, and
   * nobody who waits for its end is made again or, as a job, runs again. Compose would run all of them again.
   */
  staying(containers: readonly Container[], compose: string): string[] {
    const known = new Set(this.#before.filter(({ state }) => state !== "created").map(({ id }) => id));
    const isNew = (service: string): boolean => replicasOf(containers, service).some(({ id }) => !known.has(id));
    const waiting = [...awaitedEnds(compose)];
    const again = new Set(this.#jobs.filter(isNew));
    for (let size = -1; size < again.size;) {
      size = again.size;
      for (const job of this.#jobs) {
        const waiters = waiting.filter(([, ends]) => ends.includes(job)).map(([service]) => service);
        if (waiters.some((service) => again.has(service) || isNew(service))) again.add(job);
      }
    }
    return this.#jobs.filter((job) => !again.has(job));
  }
}
