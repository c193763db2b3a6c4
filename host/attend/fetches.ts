import type { Engine } from "../docker/engine.ts";
import { pullAll } from "../docker/pull-all.ts";
import type { Logins } from "../docker/pull.ts";

/** Pulls images while the run registers its resources. A failure here is ignored; the verb `images` reports it. */
export class Fetches implements Disposable {
  readonly #engine: Engine;
  readonly #end = new AbortController();

  constructor(engine: Engine) {
    this.#engine = engine;
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
    await pullAll(this.#engine, missing, logins, this.#end.signal, () => undefined);
  }

  async #isMissing(image: string): Promise<boolean> {
    return await this.#engine.image(image).then(
      (found) => found === undefined,
      () => false,
    );
  }
}
