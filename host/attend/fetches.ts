import type { Engine } from "../docker/engine.ts";
import { pullAll } from "../docker/pull-all.ts";
import type { Logins } from "../docker/pull.ts";
import type { PulledImages } from "../images/pulled.ts";

/** Pulls images while the run registers its resources. A failure here is ignored; the verb `images` reports it. */
export class Fetches implements Disposable {
  readonly #engine: Engine;
  readonly #pulled: PulledImages;
  readonly #end = new AbortController();

  constructor(engine: Engine, pulled: PulledImages) {
    this.#engine = engine;
    this.#pulled = pulled;
  }

  /** Adds images. Returns at once. */
  add(images: readonly string[], logins: Logins): void {
    void this.#pull(images, logins);
  }

  [Symbol.dispose](): void {
    this.#end.abort();
  }

  async #pull(images: readonly string[], logins: Logins): Promise<void> {
    const isMissing = await Promise.all(images.map((image) => this.#isMissing(image)));
    const missing = images.filter((_image, index) => isMissing[index]);
    this.#pulled.add(missing);
    await pullAll(this.#engine, missing, { logins, signal: this.#end.signal });
  }

  async #isMissing(image: string): Promise<boolean> {
    return await this.#engine.image(image).then(
      (found) => found === undefined,
      () => false,
    );
  }
}
