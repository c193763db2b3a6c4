import type { Engine } from "../docker/engine.ts";
import type { Logins } from "../docker/pull.ts";

const pullsAtOnce = 4;

/** Pulls images while the run registers its resources. A failure here is ignored; the verb `images` reports it. */
export class Fetches implements Disposable {
  readonly #engine: Engine;
  readonly #queue: string[] = [];
  readonly #end = new AbortController();
  #atWork = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Adds images. Returns at once. */
  add(images: readonly string[], logins: Logins): void {
    this.#queue.push(...images);
    while (this.#atWork < Math.min(pullsAtOnce, this.#queue.length + this.#atWork)) void this.#work(logins);
  }

  [Symbol.dispose](): void {
    this.#queue.length = 0;
    this.#end.abort();
  }

  async #work(logins: Logins): Promise<void> {
    this.#atWork += 1;
    for (let image = this.#queue.shift(); image !== undefined; image = this.#queue.shift()) {
      await this.#pull(image, logins).catch(() => undefined);
    }
    this.#atWork -= 1;
  }

  async #pull(image: string, logins: Logins): Promise<void> {
    if ((await this.#engine.image(image)) !== undefined) return;
    await this.#engine.pull(image, logins, this.#end.signal);
  }
}
